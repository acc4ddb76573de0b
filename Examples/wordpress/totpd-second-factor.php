<?php
/**
 * Plugin Name: totpd second factor
 * Description: A second step at the login, set up on the profile page. totpd checks the codes.
 * Version: 1.0
 * Requires PHP: 8.1
 */

// One file, and totpd.php of Examples/clients beside it. Every way in passes one of two gates: the
// password is right (asks for a code, or refuses where no code can be asked for), and a session is
// used (it carries how it passed the first gate; one that does not is none).

declare(strict_types=1);

namespace Totpd\SecondFactor;

defined('ABSPATH') || exit;

require_once __DIR__ . '/totpd.php';

// For how long the code page is open after the password.
const STEP_SECONDS = 600;
const STEP_COOKIE = 'wordpress_totpd_step';
const PAGE = 'totpd-second-factor';
const WORDS = [
    'wrong_code' => 'That code is not right. Type the code that your app shows now.',
    'replayed' => 'That code was used already. Wait for the next code.',
    'throttled' => 'Too many wrong codes. Try again in %s seconds.',
    'locked' => 'Codes from your app are locked. Use a backup code, or contact support.',
    'clock_behind' => 'We cannot check codes from your app right now. Use a backup code.',
    'bad_request' => 'This does not look like a code. Type the 6 digits that your app shows.',
    'not_enrolled' => 'That code is not right. Type the code that your app shows now.',
    'code_required' => 'Type a code of your old app, or a backup code.',
    'no_enrollment' => 'Begin the set-up again: too much time has passed, or too many codes.',
    'enrollment_expired' => 'Begin the set-up again: too much time has passed.',
    'password' => 'That password is not right.',
];

// ---- Asking

/** The user is the number of the account: names and addresses change hands. */
function ask(string $op, int $user, array $fields = []): array
{
    static $totpd;
    $path = defined('TOTPD_SOCKET') ? TOTPD_SOCKET : '/run/totpd/totpd.sock';
    $totpd ??= new \Totpd($path, 5.0);
    return $totpd->ask(['op' => $op, 'user' => (string) $user] + $fields);
}

/** A code as it was typed, with where it came from. An attempt makes a lost answer harmless. */
function ask_with_code(string $op, int $user, string $code, array $fields = []): array
{
    $source = $_SERVER['REMOTE_ADDR'] ?? '';
    return ask($op, $user, ['code' => $code, 'attempt' => bin2hex(random_bytes(16))]
        + ($source === '' ? [] : ['source' => $source]) + $fields);
}

/** False only if totpd clearly says that the user is not enrolled. No answer is a true. */
function needs_code(int $user): bool
{
    $status = ask('status', $user);
    return !($status['ok'] === true && ($status['enrolled'] ?? null) === false);
}

function words(array $reply): string
{
    $error = $reply['error'] ?? '';
    $error = $error === 'wrong_code' && isset($reply['retry_after']) ? 'throttled' : $error;
    $words = WORDS[$error] ?? 'We cannot check codes right now. This is our fault, not yours.';
    return sprintf($words, (string) ($reply['retry_after'] ?? 'some'));
}

/** WordPress adds slashes to what was sent. */
function sent(string $name): string
{
    $value = $_POST[$name] ?? '';
    return is_string($value) ? wp_unslash($value) : '';
}

function set_cookie(string $name, string $value, int $expires): void
{
    setcookie($name, $value, ['expires' => $expires, 'path' => COOKIEPATH ?: '/',
        'domain' => COOKIE_DOMAIN ?: '', 'secure' => is_ssl(), 'httponly' => true,
        'samesite' => 'Lax']);
}

// ---- The first gate: a password, or whatever else says who this is

/** How this request let a user in: `code`, `device`, or `none` for who is not enrolled. */
function passed(int $user, ?string $how = null): ?string
{
    static $all = [];
    return $all[$user] = $how ?? $all[$user] ?? null;
}

add_filter('authenticate', __NAMESPACE__ . '\after_password', PHP_INT_MAX, 1);

function after_password($user)
{
    if (!$user instanceof \WP_User || passed($user->ID) !== null) {
        return $user;
    }
    // A cookie of a session, which passes the second gate; and a password of an application.
    if (wp_validate_auth_cookie() === $user->ID || is_application($user->ID)) {
        return $user;
    }
    if (!needs_code($user->ID)) {
        passed($user->ID, 'none');
        return $user;
    }
    if (!is_login_page()) {
        return new \WP_Error('totpd_code', 'This account needs a code: log in on the login page.');
    }
    if (is_remembered($user->ID)) {
        passed($user->ID, 'device');
        return $user;
    }
    begin_step($user);
}

/** Where people log in, and where there is a page for the code. */
function is_login_page(): bool
{
    return ($GLOBALS['pagenow'] ?? '') === 'wp-login.php' && did_action('login_init') > 0
        && ($_SERVER['REQUEST_METHOD'] ?? '') === 'POST' && sent('pwd') !== '';
}

/** Passwords of applications need no code, so they are refused for who has a second factor. */
add_filter('wp_is_application_passwords_available_for_user', function ($available, $user) {
    $mayHave = defined('TOTPD_APPLICATION_PASSWORDS') && TOTPD_APPLICATION_PASSWORDS === true;
    return $available && ($mayHave || !needs_code($user->ID));
}, PHP_INT_MAX, 2);

add_action('application_password_did_authenticate', function ($user) {
    is_application($user->ID, true);
});

function is_application(int $user, bool $isOne = false): bool
{
    static $all = [];
    return $all[$user] = $isOne || ($all[$user] ?? false);
}

// ---- Remembered browsers

function device_cookie(int $user): string
{
    return "wordpress_totpd_device_$user";
}

/** Without a clear answer the cookie goes: its token may have been replaced, and would look stolen. */
function is_remembered(int $user): bool
{
    $name = device_cookie($user);
    $token = $_COOKIE[$name] ?? null;
    if (!is_string($token)) {
        return false;
    }
    $reply = ask('trusted', $user, ['device' => wp_unslash($token)]);
    if ($reply['ok'] !== true) {
        set_cookie($name, '', 1);
        return false;
    }
    if (isset($reply['device'])) {
        set_cookie($name, $reply['device'], time() + $reply['expires_in']);
    }
    return true;
}

// ---- Between the two steps: a cookie that opens the code page, and nothing else

function step_name(string $token): string
{
    return 'totpd_step_' . hash('sha256', $token);
}

function begin_step(\WP_User $user): never
{
    $token = bin2hex(random_bytes(32));
    set_transient(step_name($token), [
        'user' => $user->ID,
        // A new password ends the step.
        'password' => hash('sha256', $user->user_pass),
        'remember' => sent('rememberme') !== '',
        'redirect' => is_string($_REQUEST['redirect_to'] ?? null)
            ? wp_unslash($_REQUEST['redirect_to']) : '',
        'interim' => isset($_REQUEST['interim-login']),
    ], STEP_SECONDS);
    set_cookie(STEP_COOKIE, $token, 0);
    wp_safe_redirect(add_query_arg('action', 'totpd', wp_login_url()));
    exit;
}

add_action('login_form_totpd', __NAMESPACE__ . '\code_page');

function code_page(): void
{
    $token = is_string($_COOKIE[STEP_COOKIE] ?? null) ? $_COOKIE[STEP_COOKIE] : '';
    $step = $token === '' ? false : get_transient(step_name($token));
    $user = $step ? get_user_by('id', $step['user']) : false;
    if (!$user || !hash_equals($step['password'], hash('sha256', $user->user_pass))) {
        wp_safe_redirect(wp_login_url());
        exit;
    }
    $errors = new \WP_Error();
    $csrf = hash_hmac('sha256', 'code page', $token);
    if ($_SERVER['REQUEST_METHOD'] === 'POST' && hash_equals($csrf, sent('totpd_csrf'))) {
        $remembers = sent('totpd_remember') !== '';
        $reply = ask_with_code('verify', $user->ID, sent('totpd_code'),
            $remembers ? ['remember' => true] : []);
        if ($reply['ok'] === true) {
            delete_transient(step_name($token));
            set_cookie(STEP_COOKIE, '', 1);
            enter($user, $step, $reply);
        }
        $errors->add('totpd', words($reply));
    }
    login_header('Second step', '', $errors);
    code_form($csrf);
    login_footer('totpd_code');
    exit;
}

function code_form(string $csrf): void
{
    ?>
<form method="post" action="<?php echo esc_url(add_query_arg('action', 'totpd', wp_login_url())) ?>">
<p><label for="totpd_code">Code of your app, or a backup code</label>
<input class="input" id="totpd_code" name="totpd_code" autocomplete="one-time-code"></p>
<p><label><input type="checkbox" name="totpd_remember" value="1"> Remember this browser</label></p>
<input type="hidden" name="totpd_csrf" value="<?php echo esc_attr($csrf) ?>">
<p class="submit"><button class="button button-primary button-large">Continue</button></p>
</form>
    <?php
}

function enter(\WP_User $user, array $step, array $reply): never
{
    if (isset($reply['device'])) {
        set_cookie(device_cookie($user->ID), $reply['device'],
            time() + $reply['device_expires_in']);
    }
    passed($user->ID, 'code');
    wp_set_auth_cookie($user->ID, $step['remember']);
    do_action('wp_login', $user->user_login, $user);
    $redirect = apply_filters('login_redirect', $step['redirect'] ?: admin_url(),
        $step['redirect'], $user);
    if ($step['interim']) {
        $GLOBALS['interim_login'] = 'success';
        login_header('', '<p class="message">You have logged in.</p>');
        exit('</div></body></html>');
    }
    wp_safe_redirect($redirect);
    exit;
}

// ---- The second gate: a session says how it began

add_filter('attach_session_information', function (array $session, int $user): array {
    $how = passed($user) ?? (needs_code($user) ? 'nothing' : 'none');
    return ['totpd' => $how] + $session;
}, 10, 2);

add_filter('determine_current_user', __NAMESPACE__ . '\of_session', PHP_INT_MAX);

/** A session that passed no first gate is of nobody. Nor has a request without a session passed
 *  one, unless it came with the password of an application. */
function of_session($user)
{
    if (!$user || is_application((int) $user)) {
        return $user;
    }
    $token = wp_get_session_token();
    $session = $token ? \WP_Session_Tokens::get_instance((int) $user)->get($token) : null;
    $isOpen = in_array($session['totpd'] ?? 'nothing', ['code', 'device', 'none'], true);
    return $isOpen ? $user : false;
}

// ---- The page of a person's own

add_action('admin_menu', function (): void {
    $hook = add_users_page('Second factor', 'Second factor', 'read', PAGE, __NAMESPACE__ . '\page');
    add_action("load-$hook", __NAMESPACE__ . '\load');
});

/** Before anything is written: a form that was sent is carried out, and the page is not kept. */
function load(): void
{
    header('Cache-Control: no-store');
    if ($_SERVER['REQUEST_METHOD'] === 'POST') {
        $user = wp_get_current_user();
        check_admin_referer(PAGE . $user->ID);
        answer(change($user, sent('totpd_do')));
    }
}

/** totpd's answer to the form that this request has sent; empty when none was sent. */
function answer(?array $new = null): array
{
    static $reply = [];
    return $reply = $new ?? $reply;
}

add_action('show_user_profile', function (): void {
    $address = esc_url(admin_url('users.php?page=' . PAGE));
    echo "<h2>Second factor</h2><p><a href=\"$address\">Set up an app, or make backup codes</a></p>";
});

function page(): void
{
    $user = get_current_user_id();
    $reply = answer();
    $status = ask('status', $user);
    echo '<div class="wrap"><h1>Second factor</h1>';
    if ($reply && $reply['ok'] !== true) {
        echo '<div class="error"><p>' . esc_html(words($reply)) . '</p></div>';
    }
    show_secrets($reply);
    show_forms($user, $status, isset($reply['secret']));
    echo '</div>';
}

/** What a form of the page asks for. Without a factor the password must be typed again. */
function change(\WP_User $user, string $did): array
{
    $code = sent('totpd_code');
    switch ($did) {
    case 'enroll':
        $fields = ['qr' => 'png', 'issuer' => shown(get_bloginfo('name'), 64),
            'label' => shown($user->user_login, 256)];
        if ($code !== '') {
            return ask_with_code('enroll', $user->ID, $code, $fields);
        }
        // WordPress hashes passwords with the slashes that it adds to them.
        $password = trim((string) ($_POST['totpd_password'] ?? ''));
        return wp_check_password($password, $user->user_pass, $user->ID)
            ? ask('enroll', $user->ID, $fields) : ['ok' => false, 'error' => 'password'];
    case 'confirm':
    case 'backup_codes':
    case 'disable':
        $reply = ask_with_code($did, $user->ID, $code);
        if ($reply['ok'] === true) {
            tell($user, $did);
        }
        return $reply;
    case 'forget':
        return ask('forget', $user->ID);
    default:
        return ['ok' => false, 'error' => 'unknown'];
    }
}

/** Other sessions end, and the person is told. */
function tell(\WP_User $user, string $did): void
{
    wp_destroy_other_sessions();
    $what = ['confirm' => 'An authenticator app was set up.', 'disable' => 'It was switched off.',
        'backup_codes' => 'New backup codes were made; the old ones no longer work.'][$did];
    $words = "The second factor of your account has changed. $what If this was not you, change"
        . ' your password and set up your app anew: ' . admin_url('users.php?page=' . PAGE);
    wp_mail($user->user_email, '[' . get_bloginfo('name') . '] Second factor', $words);
}

/** What an authenticator app can show: no colon, no control characters, not too long. */
function shown(string $text, int $bytes): string
{
    $text = trim(preg_replace('/[:\p{C}]/u', ' ', wp_specialchars_decode($text, ENT_QUOTES)) ?? '');
    return $text === '' ? 'WordPress' : mb_strcut($text, 0, $bytes);
}

/** Once, on this page alone. */
function show_secrets(array $reply): void
{
    if (isset($reply['secret'])) {
        echo '<p>Scan this with your authenticator app, or type the key. Then type its code.</p>',
            '<img alt="QR code" src="' . esc_attr($reply['qr']) . '">',
            '<p>Key: <code>' . esc_html($reply['secret']) . '</code></p>';
    }
    foreach ($reply['backup_codes'] ?? [] as $index => $code) {
        echo $index === 0 ? '<p>Backup codes. Each works once. They are not shown again.</p>' : '',
            '<code>' . esc_html($code) . '</code><br>';
    }
}

function show_forms(int $user, array $status, bool $isBegun): void
{
    if ($status['ok'] !== true) {
        echo '<p>' . esc_html(words($status)) . '</p>';
        return;
    }
    if ($isBegun || $status['pending']) {
        form($user, 'confirm', 'Code of the new app', 'Confirm');
    }
    if (!$status['enrolled']) {
        form($user, 'enroll', 'Your password', 'Set up an app', 'password');
        return;
    }
    $codes = (int) $status['backup_codes_left'];
    $devices = count($status['devices'] ?? []);
    echo "<p>It is on. You have $codes backup codes, and $devices remembered browsers.</p>";
    form($user, 'enroll', 'Code of the old app, or a backup code', 'Set up a new app');
    form($user, 'backup_codes', 'Code', 'Make new backup codes');
    form($user, 'disable', 'Code', 'Switch off');
    form($user, 'forget', '', 'Forget remembered browsers');
}

function form(int $user, string $did, string $label, string $button, string $kind = 'code'): void
{
    echo '<form method="post"><p>';
    wp_nonce_field(PAGE . $user);
    echo '<input type="hidden" name="totpd_do" value="' . esc_attr($did) . '">';
    if ($label !== '') {
        $type = $kind === 'password' ? 'password' : 'text';
        $complete = $kind === 'password' ? 'current-password' : 'one-time-code';
        echo '<label>' . esc_html($label) . " <input type=\"$type\" name=\"totpd_$kind\""
            . " autocomplete=\"$complete\"></label> ";
    }
    echo '<button class="button">' . esc_html($button) . '</button></p></form>';
}
