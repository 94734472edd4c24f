using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

public static class MemberPass
{
    /// <summary>True only for a delivery signed with one of your secrets in the last five minutes.</summary>
    /// <param name="secrets">One, or the old and the new one during a rotation.</param>
    /// <param name="header">Value of MP-Signature, or null.</param>
    /// <param name="body">The raw bytes, before any parsing.</param>
    /// <param name="now">Unix seconds.</param>
    public static bool Verify(string[] secrets, string? header, byte[] body, long now)
    {
        if (header is null || body.Length == 0) return false;
        var times = new HashSet<string>();
        var signatures = new List<byte[]>();
        foreach (var part in header.Split(','))
        {
            var pair = part.Split('=', 2);
            var value = pair.Length == 2 ? pair[1].Trim() : "";
            var name = pair[0].Trim();
            if (name == "t") times.Add(value);
            if (name is "v1" or "v0" && Regex.IsMatch(value, @"\A[0-9a-fA-F]{64}\z"))
                signatures.Add(Convert.FromHexString(value));
        }
        if (times.Count != 1) return false;
        var time = times.First();
        if (!Regex.IsMatch(time, @"\A[0-9]{1,12}\z") || Math.Abs(now - long.Parse(time)) > 300) return false;

        var matched = false;
        foreach (var secret in secrets.Where(secret => !string.IsNullOrWhiteSpace(secret)))
        {
            byte[] message = [.. Encoding.UTF8.GetBytes(time + "."), .. body];
            var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), message);
            foreach (var signature in signatures)
                if (CryptographicOperations.FixedTimeEquals(signature, expected)) matched = true;
        }
        return matched;
    }
}
