# Look for secrets in files: perl needles.pl SECRETS FILE... prints "file: name" for each that it finds. A line of
# SECRETS is a name and the secret's bytes in hex. Looked for: the bytes themselves, hex of either case, base64 at any
# alignment, all of them also broken into lines.
use strict;
use warnings;
use MIME::Base64 qw(encode_base64);

my ( $secrets, @files ) = @ARGV;
my @needles;

# The characters of base64 that depend on the secret alone, when it stands behind 0, 1 or 2 other bytes.
sub in_base64 {
    my ($secret) = @_;
    my @found;
    for my $before ( 0 .. 2 ) {
        my $text = encode_base64( "\0" x $before . $secret, '' );
        $text =~ s/=+\z//;
        my $last = ( $before + length $secret ) % 3 == 0 ? 0 : 1;
        push @found, substr $text, ( 0, 2, 3 )[$before], length($text) - ( 0, 2, 3 )[$before] - $last;
    }
    return @found;
}

open my $list, '<', $secrets or die "$secrets: $!\n";
while ( my $line = <$list> ) {
    my ( $name, $hex ) = $line =~ /^(\S+) ([0-9a-f]+)$/ or die "$secrets: $line";
    my $bytes = pack 'H*', $hex;
    length $bytes >= 12 or die "$secrets: $name is too short to be looked for\n";
    push @needles, map { [ $name, $_ ] } $bytes, $hex, uc $hex;
    push @needles, map { [ $name, $_ ] } map { ( $_, tr{+/}{-_}r ) } in_base64($bytes);
}
@needles or die "$secrets: nothing to look for\n";
for my $file (@files) {
    open my $in, '<:raw', $file or next;           # gone in the meantime
    my $text = do { local $/; <$in> } // '';
    ( my $joined = $text ) =~ s/[\r\n:]//g;    # hex and base64 in lines
    for my $needle (@needles) {
        print "$file: $needle->[0]\n"
          if index( $text, $needle->[1] ) >= 0 || index( $joined, $needle->[1] ) >= 0;
    }
}
