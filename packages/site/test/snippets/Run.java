import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** One row a line, tab-separated and in base64: Java brings no JSON. */
public final class Run {
    public static void main(String[] arguments) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] cells = line.split("\t", -1);
            List<String> secrets = new ArrayList<>();
            for (int index = 3; index < cells.length; index++) secrets.add(text(cells[index]));
            String header = cells[1].equals("-") ? null : text(cells[1]);
            boolean accepted = Verify.verify(
                    secrets, header, Base64.getDecoder().decode(cells[2]), Long.parseLong(cells[0]));
            System.out.println(accepted ? "ok" : "refused");
        }
    }

    private static String text(String encoded) {
        return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    }
}
