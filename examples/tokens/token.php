<?php
// A token in PHP, by its own sodium: EdDSA. `php token.php SUB` prints one.

function b64url(string $data): string
{
    return rtrim(strtr(base64_encode($data), '+/', '-_'), '=');
}

/** A token for whom your own session knows; `$more` is what you say of them: tier, tags. */
function mint(string $sub, array $more = []): string
{
    $store = getenv('FUNFAIR_STORE');
    $now = time();
    $header = ['typ' => 'funfair+jwt', 'alg' => 'EdDSA', 'kid' => getenv('FUNFAIR_KID')];
    $claims = ['iss' => $store, 'aud' => "funfair:$store", 'sub' => $sub, 'iat' => $now,
        'exp' => $now + 240, 'jti' => bin2hex(random_bytes(16))] + $more;
    $message = b64url(json_encode($header)) . '.' . b64url(json_encode($claims));
    // The seed ends the PKCS #8 of an Ed25519 key.
    $pem = preg_replace('/-----.*?-----|\s/', '', file_get_contents(getenv('FUNFAIR_KEY')));
    $pair = sodium_crypto_sign_seed_keypair(substr(base64_decode($pem), -32));
    return $message . '.' . b64url(sodium_crypto_sign_detached($message, sodium_crypto_sign_secretkey($pair)));
}

if (isset($argv) && realpath($argv[0]) === __FILE__) {
    echo mint($argv[1]), "\n";
}
