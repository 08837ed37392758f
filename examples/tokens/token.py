"""A token in Python, by its standard library: HS256. `python3 token.py SUB` prints one."""
# Where a package may come in, PyJWT with an Ed25519 key is better: then the server can check tokens
# and cannot make them.
import base64, hashlib, hmac, json, os, pathlib, sys, time, uuid

STORE, KID = os.environ["FUNFAIR_STORE"], os.environ["FUNFAIR_KID"]


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


# The file holds the secret as `funfair store key … add` takes it: base64url.
SECRET = base64.urlsafe_b64decode(pathlib.Path(os.environ["FUNFAIR_KEY"]).read_text().strip() + "==")


def mint(sub: str, **more) -> str:
    """A token for whom your own session knows; `more` is what you say of them: tier, tags."""
    iat = int(time.time())
    claims = {"iss": STORE, "aud": f"funfair:{STORE}", "sub": sub, "iat": iat, "exp": iat + 240,
              "jti": str(uuid.uuid4()), **more}
    parts = {"typ": "funfair+jwt", "alg": "HS256", "kid": KID}, claims
    message = ".".join(b64url(json.dumps(part).encode()) for part in parts)
    return message + "." + b64url(hmac.digest(SECRET, message.encode(), hashlib.sha256))


if __name__ == "__main__":
    print(mint(sys.argv[1]))
