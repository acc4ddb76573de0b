# totpd's client for Perl 5.20 and later: copy this one file. Every failure is a no.
#
#     my $totpd = Totpd->new('/run/totpd/totpd.sock');
#     my $reply = $totpd->verify($user_id, $code);
#     if ($reply->{ok}) ...              # 1 or 0, never anything else
#
# Only "ok":true is a yes. The id says which request a reply is for. A request
# that would do something twice is sent once.

package Totpd;

use strict;
use warnings;
use Errno ();
use IO::Select;
use IO::Socket::UNIX;
use JSON::PP ();
use Socket qw(PF_UNIX SOCK_STREAM pack_sockaddr_un);
use Time::HiRes ();

# A longer path would be cut short, and be another.
use constant { REPLY_BYTES_MAX => 1 << 20, PART_BYTES => 65_536, PATH_BYTES_MAX => 107 };
use constant { QUEUE_PAUSE => 0.01 };

my $json = JSON::PP->new->utf8->canonical;

sub new {
    my ($class, $path, $timeout) = @_;
    return bless { path => $path // '/run/totpd/totpd.sock', timeout => $timeout // 5 }, $class;
}

# Is this the user's code, for the first time? After a lost reply it asks once more.
sub verify {
    my ($self, $user, $code, %more) = @_;

    # The attempt goes to totpd alone: whoever has it and the code gets the same answer.
    return $self->ask({
        %more, op => 'verify', user => "$user", code => "$code", attempt => _random(16) });
}

# The reply, in which `ok` is 1 or 0. What failed is 0 and `unavailable`.
sub ask {
    my ($self, $request) = @_;
    my $id   = _random(8);
    my $line = $json->encode({ %$request, id => $id }) . "\n";

    # A request that may be repeated uses a kept connection, and then once a new one.
    # Any other request uses a new one, since a kept one may have died unnoticed.
    my $is_repeatable = exists $request->{attempt} || $request->{op} =~ /\A(?:hello|status)\z/;
    for my $kept ($is_repeatable ? (1, 0) : (0)) {
        my $reply = eval { $self->_exchange($line, $id, $kept) };
        return $reply if $reply;
    }
    return { ok => 0, error => 'unavailable' };
}

# One try: the reply, or it dies. After a failure the connection is never used again.
sub _exchange {
    my ($self, $line, $id, $kept) = @_;
    my $deadline   = _now() + $self->{timeout};
    my $connection = delete $self->{kept};
    $connection = undef if !$kept;
    die "the path is too long\n" if length $self->{path} > PATH_BYTES_MAX;
    $connection //= _connect($self->{path}, $deadline);
    _send($connection, $line, $deadline);
    my $reply = $json->decode(_read_line($connection, $deadline));
    die "no reply\n"       if ref $reply ne 'HASH';
    die "not the answer\n" if !defined $reply->{id} || ref $reply->{id} || $reply->{id} ne $id;
    die "neither yes nor no\n" if !JSON::PP::is_bool($reply->{ok});
    $reply->{ok} = $reply->{ok} ? 1 : 0;
    $self->{kept} = $connection;
    return $reply;
}

# While totpd's queue is full, the kernel refuses at once who does not wait (EAGAIN).
sub _connect {
    my ($path, $deadline) = @_;
    socket my $connection, PF_UNIX, SOCK_STREAM, 0 or die "no socket: $!\n";
    bless $connection, 'IO::Socket::UNIX';
    $connection->blocking(0);
    until (connect $connection, pack_sockaddr_un($path)) {
        $!{EAGAIN} && _left($deadline) or die "cannot connect\n";
        Time::HiRes::sleep(QUEUE_PAUSE);
    }
    return $connection;
}

sub _send {
    my ($connection, $line, $deadline) = @_;
    local $SIG{PIPE} = 'IGNORE';
    my $sent = 0;
    while ($sent < length $line) {
        IO::Select->new($connection)->can_write(_left($deadline)) or die "not taken in time\n";
        my $count = syswrite $connection, $line, length($line) - $sent, $sent;
        defined $count or $!{EAGAIN} or die "hung up\n";
        $sent += $count // 0;
    }
    return;
}

# One whole line and nothing behind it.
sub _read_line {
    my ($connection, $deadline) = @_;
    my $line = '';
    while ($line !~ /\n\z/) {
        IO::Select->new($connection)->can_read(_left($deadline)) or die "no answer in time\n";
        my $count = sysread $connection, $line, PART_BYTES, length $line;
        next if !defined $count && $!{EAGAIN};
        die "hung up\n" if !$count;
        die "not one line\n" if length $line > REPLY_BYTES_MAX || $line =~ /\n./s;
    }
    return $line;
}

sub _left { my $left = $_[0] - _now(); return $left > 0 ? $left : 0 }
sub _now  { return Time::HiRes::clock_gettime(Time::HiRes::CLOCK_MONOTONIC()) }

sub _random {
    my ($count) = @_;
    open my $source, '<:raw', '/dev/urandom' or die "there is no randomness: $!\n";
    my $drawn;
    my $got = sysread $source, $drawn, $count;
    die "there is no randomness\n" if !defined $got || $got != $count;
    return unpack 'H*', $drawn;
}

# perl Totpd.pm SOCKET USER CODE prints yes or no; perl Totpd.pm SOCKET reads requests, a line each.
sub main {
    my @arguments = @_;
    utf8::decode($_) for @arguments;
    if (@arguments != 1 && @arguments != 3) {
        print {*STDERR} "usage: Totpd.pm SOCKET [USER CODE]\n";
        return 2;
    }
    $| = 1;
    my $totpd = Totpd->new($arguments[0], $ENV{TOTPD_TIMEOUT});
    if (@arguments == 3) {
        my $is_yes = $totpd->verify(@arguments[1, 2])->{ok};
        print $is_yes ? "yes\n" : "no\n";
        return $is_yes ? 0 : 1;
    }
    while (my $line = <STDIN>) {
        my $reply = $totpd->ask($json->decode($line));
        $reply->{ok} = $reply->{ok} ? JSON::PP::true : JSON::PP::false;
        print $json->encode($reply), "\n";
    }
    return 0;
}

exit main(@ARGV) if !caller;

1;
