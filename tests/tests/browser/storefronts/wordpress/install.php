<?php
// Installs WordPress with the plugin, a customer and some pages; prints the pages' ids as JSON.
$task = $argv[2];
define('WP_INSTALLING', $task === 'install');
require "$argv[1]/wp-load.php";
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';

// A site of nobody's sends nothing.
add_filter('pre_wp_mail', '__return_true');

if ($task === 'uninstall') {
    deactivate_plugins('funfair/funfair.php');
    uninstall_plugin('funfair/funfair.php');
    global $wpdb;
    exit("\n" . json_encode($wpdb->get_col("SELECT option_name FROM $wpdb->options WHERE option_name LIKE '%funfair%'")) . "\n");
}

wp_install('Shop', 'admin', 'admin@shop.example', true, '', 'admins-password');
switch_theme('plain');
$failed = activate_plugin('funfair/funfair.php');
is_wp_error($failed) && exit($failed->get_error_message());
// Pictures of people come from elsewhere.
update_option('show_avatars', 0);
update_option('funfair_server', getenv('FUNFAIR_SERVER'));
update_option('funfair_store', 'acme');
update_option('funfair_kid', getenv('FUNFAIR_KID'));
$customer = ['user_login' => 'ann', 'user_pass' => 'anns-password', 'user_email' => 'ann@shop.example', 'role' => 'subscriber'];
$ids = ['ann' => wp_insert_user($customer)];
// As an author may write it whose markup WordPress would filter: a shortcode's attributes are plain text.
$hostile = '[funfair kind="spin-wheel" activity="&quot;&gt;&lt;img src=x onerror=window.hacked=1&gt;" ]'
    . '<p onclick="window.hacked=1">kept</p>[/funfair][funfair kind="script" activity="x"]window.hacked=1[/funfair]';
foreach ([
    'shortcode' => '[funfair kind="spin-wheel" activity="wheel"]Our prize wheel is coming.[/funfair]',
    'block' => '<!-- wp:funfair/activity {"kind":"spin-wheel","activity":"wheel"} /-->',
    'hostile' => $hostile,
    'without' => 'Nothing to play here.',
] as $name => $content) {
    $ids[$name] = wp_insert_post(['post_type' => 'page', 'post_status' => 'publish', 'post_title' => $name, 'post_content' => $content]);
}
echo "\n", json_encode($ids), "\n";
