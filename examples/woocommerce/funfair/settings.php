<?php
// Settings › Funfair: what the page and the token name. The key is in none of these.

defined('ABSPATH') || exit;

const FUNFAIR_SETTINGS = [
    'funfair_server' => ['Funfair server', 'https://play.example', 'sanitize_url'],
    'funfair_store' => ['Store', 'acme', 'sanitize_key'],
    'funfair_kid' => ['Key id', '2026-11', 'sanitize_text_field'],
];

add_action('admin_init', function (): void {
    add_settings_section('funfair', '', '__return_null', 'funfair');
    foreach (FUNFAIR_SETTINGS as $name => [$label, $hint, $clean]) {
        register_setting('funfair', $name, ['type' => 'string', 'sanitize_callback' => fn($value) => untrailingslashit($clean($value))]);
        $field = fn() => printf(
            '<input class="regular-text" id="%1$s" name="%1$s" value="%2$s" placeholder="%3$s">',
            esc_attr($name),
            esc_attr(get_option($name, '')),
            esc_attr($hint)
        );
        add_settings_field($name, esc_html($label), $field, 'funfair', 'funfair', ['label_for' => $name]);
    }
});

add_action('admin_menu', function (): void {
    add_options_page('Funfair', 'Funfair', 'manage_options', 'funfair', function (): void {
        echo '<div class="wrap"><h1>Funfair</h1>';
        if (!defined('FUNFAIR_KEY') || !is_readable(FUNFAIR_KEY)) {
            $cure = __('FUNFAIR_KEY in wp-config.php names no key that can be read: nobody can sign in.', 'funfair');
            echo '<div class="notice notice-error"><p>', esc_html($cure), '</p></div>';
        }
        echo '<form method="post" action="options.php">';
        settings_fields('funfair');
        do_settings_sections('funfair');
        submit_button();
        echo '</form></div>';
    });
});
