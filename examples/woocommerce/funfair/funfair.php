<?php
/**
 * Plugin Name:       Funfair
 * Description:       Member activities as a block and a shortcode, for the customers of a WooCommerce shop.
 * Version:           0.1.0
 * Requires at least: 6.1
 * Requires PHP:      8.0
 * License:           MIT OR Apache-2.0
 * Text Domain:       funfair
 *
 * The private key is a file outside of the site, named in wp-config.php: define('FUNFAIR_KEY', '/…/key.pem').
 */

defined('ABSPATH') || exit;

const FUNFAIR_KINDS = ['card-collecting', 'guess-price', 'poll', 'sign-in-calendar', 'spin-wheel'];

add_action('init', 'funfair_init');
add_action('rest_api_init', 'funfair_routes');
if (is_admin()) {
    require __DIR__ . '/settings.php';
}

function funfair_init(): void
{
    add_shortcode('funfair', 'funfair_element');
    register_block_type(__DIR__ . '/block', ['render_callback' => 'funfair_element']);
    wp_register_script('funfair', plugins_url('page.js', __FILE__), [], '0.1.0', true);
    wp_register_style('funfair', plugins_url('page.css', __FILE__), [], '0.1.0');
    add_filter('script_loader_tag', 'funfair_module', 10, 2);
}

/** `[funfair kind="spin-wheel" activity="wheel"]What people see until then[/funfair]`, and the block. */
function funfair_element($attributes, $content = ''): string
{
    $asked = shortcode_atts(['kind' => 'spin-wheel', 'activity' => ''], $attributes, 'funfair');
    $known = in_array($asked['kind'], FUNFAIR_KINDS, true) && $asked['activity'] !== '';
    if (!$known || !get_option('funfair_server') || !get_option('funfair_store')) {
        return current_user_can('edit_posts')
            ? '<p>' . esc_html__('Funfair: name the kind and the activity here, the server and the store in the settings.', 'funfair') . '</p>'
            : '';
    }
    funfair_enqueue();
    return sprintf(
        '<funfair-%1$s store="%2$s" activity="%3$s" api="%4$s" lang="%5$s">%6$s</funfair-%1$s>',
        esc_attr($asked['kind']),
        esc_attr(get_option('funfair_store')),
        esc_attr($asked['activity']),
        esc_url(get_option('funfair_server')),
        esc_attr(get_bloginfo('language')),
        wp_kses_post($content)
    );
}

/** The page's script and what it has to know; only where an element stands. */
function funfair_enqueue(): void
{
    wp_enqueue_style('funfair');
    if (wp_script_is('funfair', 'enqueued')) {
        return;
    }
    wp_enqueue_script('funfair');
    $back = get_permalink() ?: home_url('/');
    $account = function_exists('wc_get_page_permalink') ? wc_get_page_permalink('myaccount') : '';
    $told = [
        'server' => esc_url_raw(get_option('funfair_server')),
        'store' => get_option('funfair_store'),
        'token' => rest_url('funfair/v1/token'),
        // Nobody's nonce would be good for a session that begins later.
        'nonce' => is_user_logged_in() ? wp_create_nonce('wp_rest') : '',
        'login' => $account ?: wp_login_url($back),
    ];
    $json = wp_json_encode($told, JSON_HEX_TAG | JSON_HEX_AMP);
    wp_add_inline_script('funfair', "window.funfairPage = $json;", 'before');
}

/** Only a module may wait for another; WordPress 6.5 has a function for it. */
function funfair_module(string $tag, string $handle): string
{
    $plain = "/<script(?: type=[\"']text\/javascript[\"'])? src=/";
    return $handle === 'funfair' ? preg_replace($plain, '<script type="module" src=', $tag) : $tag;
}

/** `GET /wp-json/funfair/v1/token`: WordPress takes the cookie only together with the nonce. */
function funfair_routes(): void
{
    register_rest_route('funfair/v1', '/token', [
        'methods' => 'GET',
        'permission_callback' => 'is_user_logged_in',
        'callback' => function () {
            $answer = new WP_REST_Response(['token' => funfair_mint('wp-' . get_current_user_id())]);
            $answer->header('Cache-Control', 'no-store');
            return $answer;
        },
    ]);
}

/** A shopper's token, good for four minutes: EdDSA, by PHP's own sodium. */
function funfair_mint(string $sub): string
{
    $store = get_option('funfair_store');
    $now = time();
    $header = ['typ' => 'funfair+jwt', 'alg' => 'EdDSA', 'kid' => get_option('funfair_kid')];
    $claims = ['iss' => $store, 'aud' => "funfair:$store", 'sub' => $sub,
        'iat' => $now, 'exp' => $now + 240, 'jti' => wp_generate_uuid4()];
    $b64url = fn(string $data): string => rtrim(strtr(base64_encode($data), '+/', '-_'), '=');
    $message = $b64url(wp_json_encode($header)) . '.' . $b64url(wp_json_encode($claims));
    // The seed ends the PKCS #8 of an Ed25519 key.
    $pem = preg_replace('/-----.*?-----|\s/', '', file_get_contents(FUNFAIR_KEY));
    $pair = sodium_crypto_sign_seed_keypair(substr(base64_decode($pem), -32));
    return $message . '.' . $b64url(sodium_crypto_sign_detached($message, sodium_crypto_sign_secretkey($pair)));
}
