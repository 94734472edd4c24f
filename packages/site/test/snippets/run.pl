use strict;
use warnings;
use Encode qw(decode);
use FindBin;
use MIME::Base64;

require "$FindBin::Bin/../../snippets/verify.pl";

# One row a line, tab-separated and in base64: Perl's own JSON takes longer than everything else here.
while (my $line = <STDIN>) {
    chomp $line;
    my ($now, $encoded, $body, @secrets) = split /\t/, $line, -1;
    my $header = $encoded eq '-' ? undef : decode('UTF-8', decode_base64($encoded));
    my $accepted = memberpass_verify([map { decode_base64($_) } @secrets], $header, decode_base64($body), $now);
    print $accepted ? "ok\n" : "refused\n";
}
