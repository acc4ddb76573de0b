<?php
// Other plugins that sites have: Basic authentication for REST, a single sign-on that sets
// WordPress's cookie by itself, and a login form of their own. All are ways round the login page.

add_filter('determine_current_user', function ($user) {
    if ($user || !isset($_SERVER['PHP_AUTH_USER']) || isset($_GET['no-basic'])) {
        return $user;
    }
    $found = wp_authenticate($_SERVER['PHP_AUTH_USER'], $_SERVER['PHP_AUTH_PW']);
    return is_wp_error($found) ? $user : $found->ID;
}, 20);

add_action('init', function () {
    if (isset($_GET['sso'])) {
        wp_set_auth_cookie(get_user_by('login', $_GET['sso'])->ID);
        exit('in');
    }
    if (isset($_GET['signon'])) {
        $found = wp_signon(['user_login' => $_POST['name'], 'user_password' => $_POST['word']]);
        exit(is_wp_error($found) ? $found->get_error_code() : 'in');
    }
    // What tests ask for by hand: the password of an application, and who this is.
    if (isset($_GET['application'])) {
        $user = get_user_by('login', $_GET['application'])->ID;
        $made = WP_Application_Passwords::create_new_application_password($user,
            ['name' => 'tests ' . wp_generate_password(8, false)]);
        exit($made[0]);
    }
    if (isset($_GET['who'])) {
        exit(wp_get_current_user()->user_login ?: 'nobody');
    }
});
