use strict;
use warnings;
use FindBin;
use JSON::PP;
use MIME::Base64;

require "$FindBin::Bin/../../snippets/verify.pl";

while (my $line = <STDIN>) {
    my $row = JSON::PP->new->utf8->decode($line);
    my @secrets = map { my $bytes = $_; utf8::encode($bytes); $bytes } @{ $row->{secrets} };
    my $accepted = memberpass_verify(\@secrets, $row->{header}, decode_base64($row->{body}), $row->{now});
    print $accepted ? "ok\n" : "refused\n";
}
