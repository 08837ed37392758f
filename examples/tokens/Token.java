// A token in Java, by its standard library: ES256. `java Token.java SUB` prints one.
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.*;
import java.security.*;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.*;

class Token {
    static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    /** A token for whom your own session knows. */
    static String mint(PrivateKey key, String store, String kid, String sub) throws GeneralSecurityException {
        long now = System.currentTimeMillis() / 1000;
        String header = "{\"typ\":\"funfair+jwt\",\"alg\":\"ES256\",\"kid\":%s}".formatted(quoted(kid));
        String claims = "{\"iss\":%s,\"aud\":%s,\"sub\":%s,\"iat\":%d,\"exp\":%d,\"jti\":%s}".formatted(
            quoted(store), quoted("funfair:" + store), quoted(sub), now, now + 240, quoted(UUID.randomUUID().toString()));
        String message = BASE64.encodeToString(header.getBytes(UTF_8)) + "." + BASE64.encodeToString(claims.getBytes(UTF_8));
        // As a JWT has it: two numbers side by side, not DER.
        Signature signing = Signature.getInstance("SHA256withECDSAinP1363Format");
        signing.initSign(key);
        signing.update(message.getBytes(UTF_8));
        return message + "." + BASE64.encodeToString(signing.sign());
    }

    /** A JSON string. Your own JSON library does it, too. */
    static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.chars().forEach(c -> out.append(c < ' ' || c == '"' || c == '\\' ? "\\u%04x".formatted(c) : String.valueOf((char) c)));
        return out.append('"').toString();
    }

    public static void main(String[] arguments) throws Exception {
        String pem = Files.readString(Path.of(System.getenv("FUNFAIR_KEY"))).replaceAll("-----.*?-----|\\s", "");
        var spec = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem));
        PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(spec);
        System.out.println(mint(key, System.getenv("FUNFAIR_STORE"), System.getenv("FUNFAIR_KID"), arguments[0]));
    }
}
