require 'json'
require_relative '../../snippets/verify'

Encoding.default_external = Encoding::UTF_8
$stdin.each_line do |line|
  row = JSON.parse(line)
  accepted = memberpass_verify(row['secrets'], row['header'], row['body'].unpack1('m0'), row['now'])
  puts(accepted ? 'ok' : 'refused')
end
