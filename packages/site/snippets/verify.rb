require 'openssl'

# True only for a delivery signed with one of your secrets in the last five minutes.
#
# secrets: array of strings, one or the old and the new one during a rotation
# header:  value of MP-Signature, or nil
# body:    the raw bytes, before any parsing
# now:     unix seconds
def memberpass_verify(secrets, header, body, now = Time.now.to_i)
  usable = secrets.reject { |secret| secret.match?(/\A[[:space:]]*\z/) }
  return false if usable.empty? || header.nil? || body.empty?

  times = []
  signatures = []
  header.split(',').each do |part|
    name, value = part.split('=', 2).map(&:strip)
    times << value.to_s if name == 't'
    signatures << value.to_s if %w[v1 v0].include?(name)
  end
  time = times.uniq
  return false unless time.length == 1 && time.first.match?(/\A[0-9]{1,12}\z/)
  return false if (now - time.first.to_i).abs > 300

  matched = false
  usable.each do |secret|
    expected = OpenSSL::HMAC.hexdigest('SHA256', secret, "#{time.first}.".b + body.b)
    signatures.each do |signature|
      next unless signature.match?(/\A[0-9a-f]{64}\z/i)

      matched = true if OpenSSL.fixed_length_secure_compare(signature.downcase, expected)
    end
  end
  matched
end
