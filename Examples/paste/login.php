<?php
// Login and set-up with a second factor. Paste this page, put ../clients/totpd.php beside it, and
// your own accounts.php: its userWithPassword($email, $password) returns the user's id, or null.
declare(strict_types=1);
require __DIR__ . '/totpd.php';
require __DIR__ . '/accounts.php';

const WORDS = ['password' => 'That password is not right.',
    'wrong_code' => 'That code is not right.', 'replayed' => 'Wait for the next code.',
    'locked' => 'Use a backup code, or call support.',
    'throttled' => 'Too many wrong codes. Wait for %d seconds.',
    'bad_request' => 'Type the 6 digits that your app shows, or a backup code.'];
session_start(['cookie_httponly' => true, 'cookie_samesite' => 'Lax', 'use_strict_mode' => true,
    'cookie_secure' => PHP_SAPI !== 'cli-server', 'cache_limiter' => 'nocache']);
$_SESSION['csrf'] ??= bin2hex(random_bytes(16));
$totpd = new Totpd(getenv('TOTPD_SOCKET') ?: '/run/totpd/totpd.sock', 5.0);

function field(string $name): string
{
    return is_string($_POST[$name] ?? null) ? $_POST[$name] : '';
}
function page(string $to, array $fields, array $reply = []): void
{
    $ours = 'This does not work now. It is our fault.';
    $words = isset($reply['error']) ? WORDS[$reply['error']] ?? $ours : '';
    printf('<!doctype html><html lang="en"><title>Account</title><p role="alert">' . $words
        . '</p>', $reply['retry_after'] ?? 0);
    if (isset($reply['qr'])) {
        printf('<img src="%s" alt="QR code"><p>Key: %s</p>', $reply['qr'], $reply['secret']);
    }
    printf('<form method="post" action="%s"><input type="hidden" name="csrf" value="%s">',
        $to, $_SESSION['csrf']);
    foreach ($fields as $name) {
        printf('<label>%s <input name="%1$s" type="%s"></label>', $name,
            $name === 'password' ? $name : 'text');
    }
    exit('<button>Continue</button></form>');
}
function askWithCode(Totpd $totpd, string $op): array // as it was typed; the client adds an id
{
    return $totpd->ask(['op' => $op, 'user' => $_SESSION['user'], 'code' => field('code'),
        'source' => $_SERVER['REMOTE_ADDR'], 'attempt' => bin2hex(random_bytes(16))]);
}
function stepUp(string $path, int $seconds, array $who): void
{
    session_regenerate_id(true); // a new session: no cookie from before is worth anything
    $_SESSION = ['opens' => $path, 'until' => time() + $seconds] + $who;
    exit(header("Location: $path"));
}

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$isPost = $_SERVER['REQUEST_METHOD'] === 'POST';
if ($isPost && !hash_equals($_SESSION['csrf'], field('csrf'))) {
    exit(http_response_code(400));
}
if ($path !== '/login' && (($_SESSION['opens'] ?? '') !== ($path === '/confirm' ? '/' : $path)
    || $_SESSION['until'] < time())) {
    exit(header('Location: /login'));
}
$who = array_intersect_key($_SESSION, ['user' => 0, 'email' => 0]);
if ($path === '/login') {
    $user = $isPost ? userWithPassword(field('email'), field('password')) : null;
    if ($user === null) {
        page('/login', ['email', 'password'], $isPost ? ['error' => 'password'] : []);
    }
    $status = $totpd->ask(['op' => 'status', 'user' => $user]); // no clear answer: ask for a code
    $hasNone = $status['ok'] && ($status['enrolled'] ?? null) === false;
    $who = ['user' => $user, 'email' => field('email')];
    $hasNone ? stepUp('/', 43200, $who) : stepUp('/code', 600, $who);
} elseif ($path === '/code') {
    $reply = $isPost ? askWithCode($totpd, 'verify') : ['ok' => false];
    $reply['ok'] ? stepUp('/', 43200, $who) : page('/code', ['code'], $reply);
} elseif ($path === '/') {
    if (!$isPost || userWithPassword($who['email'], field('password')) !== $who['user']) {
        page('/', ['password'], $isPost ? ['error' => 'password'] : []);
    }
    $reply = $totpd->ask(['op' => 'enroll', 'user' => $who['user'], 'issuer' => 'Example',
        'label' => $who['email'], 'qr' => 'png']);
    $reply['ok'] ? page('/confirm', ['code'], $reply) : page('/', ['password'], $reply);
} else { // the first code
    $reply = askWithCode($totpd, 'confirm');
    $reply['ok'] ? exit(implode(', ', $reply['backup_codes'])) : page('/confirm', ['code'], $reply);
}
