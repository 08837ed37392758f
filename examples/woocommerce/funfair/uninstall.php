<?php
// What the plugin has left in the database.

defined('WP_UNINSTALL_PLUGIN') || exit;

foreach (['funfair_server', 'funfair_store', 'funfair_kid'] as $name) {
    delete_option($name);
}
