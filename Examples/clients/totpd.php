<?php
// totpd's client for PHP 8.0 and later: copy this one file. Every failure is a no.
//
//     $totpd = new Totpd('/run/totpd/totpd.sock');
//     $reply = $totpd->verify($userId, $code);
//     if ($reply['ok']) ...              // true or false, never anything else
//
// Only "ok":true is a yes. The id says which request a reply is for. A request
// that would do something twice is sent once.

declare(strict_types=1);

final class Totpd
{
    private const REPLY_BYTES_MAX = 1 << 20;
    private const EAGAIN = 11;

    /** @var resource|null a connection that has answered, for the next request */
    private $kept = null;

    public function __construct(
        private string $path = '/run/totpd/totpd.sock',
        private float $timeout = 5.0
    ) {
    }

    /** Is this the user's code, for the first time? After a lost reply it asks once more. */
    public function verify(string $user, string $code, array $more = []): array
    {
        // The attempt goes to totpd alone: whoever has it and the code gets the same answer.
        $attempt = bin2hex(random_bytes(16));
        return $this->ask(['op' => 'verify', 'user' => $user, 'code' => $code,
                           'attempt' => $attempt] + $more);
    }

    /** The reply, in which `ok` is true or false. What failed is false and `unavailable`. */
    public function ask(array $request): array
    {
        $id = bin2hex(random_bytes(8));
        $flags = JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE;
        $line = json_encode(['id' => $id] + $request, $flags) . "\n";
        // A request that may be repeated uses a kept connection, and then once a new one.
        // Any other request uses a new one, since a kept one may have died unnoticed.
        $isRepeatable = isset($request['attempt'])
            || in_array($request['op'] ?? null, ['hello', 'status'], true);
        foreach ($isRepeatable ? [true, false] : [false] as $mayUseKept) {
            $reply = $this->exchange($line, $id, $mayUseKept);
            if ($reply !== null) {
                return $reply;
            }
        }
        return ['ok' => false, 'error' => 'unavailable'];
    }

    /** One try: the reply, or null. After a failure the connection is never used again. */
    private function exchange(string $line, string $id, bool $mayUseKept): ?array
    {
        $deadline = microtime(true) + $this->timeout;
        $connection = $mayUseKept ? $this->kept : null;
        $this->kept = null;
        $connection ??= $this->connect($deadline);
        if ($connection === null) {
            return null;
        }
        stream_set_blocking($connection, false);
        $answer = $this->send($connection, $line, $deadline)
            ? $this->readLine($connection, $deadline) : '';
        $reply = json_decode($answer, true);
        $isReply = is_array($reply) && ($reply['id'] ?? null) === $id
            && is_bool($reply['ok'] ?? null);
        if (!$isReply) {
            fclose($connection);
            return null;
        }
        $this->kept = $connection;
        return $reply;
    }

    /** While totpd's queue is full, the kernel refuses at once (EAGAIN), and this tries again.
     *  @return resource|null */
    private function connect(float $deadline)
    {
        while (true) {
            $connection = @stream_socket_client("unix://$this->path", $code, $text, $this->timeout);
            if ($connection !== false || $code !== self::EAGAIN || microtime(true) > $deadline) {
                return $connection ?: null;
            }
            usleep(10_000);
        }
    }

    /** @param resource $connection */
    private function send($connection, string $line, float $deadline): bool
    {
        while ($line !== '' && $this->wait($connection, $deadline, toWrite: true)) {
            $count = @fwrite($connection, $line);
            if ($count === false || $count === 0) {
                return false;
            }
            $line = substr($line, $count);
        }
        return $line === '';
    }

    /** One whole line and nothing behind it, or ''.
     *  @param resource $connection */
    private function readLine($connection, float $deadline): string
    {
        $line = '';
        while ($this->wait($connection, $deadline, toWrite: false)) {
            $part = @fread($connection, 65536);
            $line .= $part === false ? '' : $part;
            $end = strpos($line, "\n");
            if ($end !== false) {
                return $end === strlen($line) - 1 ? $line : '';
            }
            if (($part === '' && feof($connection)) || strlen($line) > self::REPLY_BYTES_MAX) {
                return '';
            }
        }
        return '';
    }

    /** @param resource $connection */
    private function wait($connection, float $deadline, bool $toWrite): bool
    {
        $left = $deadline - microtime(true);
        $read = $toWrite ? [] : [$connection];
        $write = $toWrite ? [$connection] : [];
        $except = [];
        return $left > 0 && @stream_select($read, $write, $except, (int) $left,
            (int) (1e6 * fmod($left, 1))) === 1;
    }
}

// `php totpd.php SOCKET USER CODE` prints yes or no; SOCKET alone reads requests, a line each.
if (PHP_SAPI === 'cli' && get_included_files()[0] === __FILE__) {
    if ($argc !== 2 && $argc !== 4) {
        fwrite(STDERR, "usage: totpd.php SOCKET [USER CODE]\n");
        exit(2);
    }
    $totpd = new Totpd($argv[1], (float) (getenv('TOTPD_TIMEOUT') ?: 5));
    if ($argc === 4) {
        $isYes = $totpd->verify($argv[2], $argv[3])['ok'];
        echo $isYes ? "yes\n" : "no\n";
        exit($isYes ? 0 : 1);
    }
    while (($line = fgets(STDIN)) !== false) {
        $request = json_decode($line, true, flags: JSON_THROW_ON_ERROR);
        echo json_encode($totpd->ask($request), JSON_UNESCAPED_SLASHES), "\n";
    }
}
