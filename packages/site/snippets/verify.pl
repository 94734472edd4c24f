use strict;
use warnings;
use Digest::SHA qw(hmac_sha256_hex);

# True only for a delivery signed with one of your secrets in the last five minutes.
#
# $secrets: reference to a list, one or the old and the new one during a rotation, as bytes (UTF-8)
# $header:  value of MP-Signature, or undef
# $body:    the raw bytes, before any parsing
# $now:     unix seconds
sub memberpass_verify {
    my ($secrets, $header, $body, $now) = @_;
    $now //= time;
    my @usable = grep { !/\A(?:\s|\xc2\xa0)*\z/ } @$secrets;
    return 0 if !@usable || !defined $header || $body eq '';

    my (%times, @signatures);
    for my $part (split /,/, $header) {
        my ($name, $value) = map { s/\A\s+|\s+\z//gr } split /=/, $part, 2;
        $times{ $value // '' } = 1 if ($name // '') eq 't';
        push @signatures, $value // '' if ($name // '') =~ /\Av[01]\z/;
    }
    my ($time) = keys %times;
    return 0 if keys %times != 1 || $time !~ /\A[0-9]{1,12}\z/ || abs($now - $time) > 300;

    my $matched = 0;
    for my $secret (@usable) {
        my $expected = hmac_sha256_hex("$time.$body", $secret);
        for my $signature (@signatures) {
            next if $signature !~ /\A[0-9a-f]{64}\z/i;
            # Every digit is compared, so that the time taken says nothing.
            my $differs = 0;
            $differs |= ord(substr lc $signature, $_, 1) ^ ord(substr $expected, $_, 1) for 0 .. 63;
            $matched = 1 if $differs == 0;
        }
    }
    return $matched;
}

1;
