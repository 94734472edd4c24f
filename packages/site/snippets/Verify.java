import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public final class Verify {
    /**
     * True only for a delivery signed with one of your secrets in the last five minutes. Java 17 or newer.
     *
     * @param secrets one, or the old and the new one during a rotation
     * @param header value of MP-Signature, or null
     * @param body the raw bytes, before any parsing
     * @param now unix seconds
     */
    public static boolean verify(List<String> secrets, String header, byte[] body, long now)
            throws GeneralSecurityException {
        if (header == null || body.length == 0) return false;
        Set<String> times = new HashSet<>();
        List<byte[]> signatures = new ArrayList<>();
        for (String part : header.split(",")) {
            String[] pair = part.split("=", 2);
            String value = pair.length == 2 ? pair[1].strip() : "";
            switch (pair[0].strip()) {
                case "t" -> times.add(value);
                case "v1", "v0" -> {
                    if (value.matches("[0-9a-fA-F]{64}")) signatures.add(HexFormat.of().parseHex(value));
                }
                default -> { }
            }
        }
        if (times.size() != 1) return false;
        String time = times.iterator().next();
        if (!time.matches("[0-9]{1,12}") || Math.abs(now - Long.parseLong(time)) > 300) return false;

        boolean matched = false;
        for (String secret : secrets) {
            if (secret.replace('\u00a0', ' ').isBlank()) continue;
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((time + ".").getBytes(StandardCharsets.UTF_8));
            byte[] expected = mac.doFinal(body);
            for (byte[] signature : signatures) {
                if (MessageDigest.isEqual(signature, expected)) matched = true;
            }
        }
        return matched;
    }
}
