use crate::StoreSecret;
use axum::http::{HeaderMap, header::COOKIE};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// The shop's own cookie; Funfair neither sets nor reads any.
const NAME: &str = "acme_shopper";

/// How long a shopper stays signed in.
const LIFE_S: u64 = 30 * 24 * 3600;

/// The longest name a shopper can choose.
const NAME_CHARS: usize = 24;

/// A name as a shopper may type it; `None` where it is empty, too long or not printable.
pub fn shopper_name(typed: &str) -> Option<&str> {
    let name = typed.trim();
    let fits = (1..=NAME_CHARS).contains(&name.chars().count());
    (fits && !name.chars().any(char::is_control)).then_some(name)
}

/// The value of `Set-Cookie` that signs a shopper in: the name, its end and the shop's mark on both.
pub fn sign_in(secret: &StoreSecret, name: &str, now_s: u64) -> String {
    let body = format!("{}.{}", URL_SAFE_NO_PAD.encode(name), now_s + LIFE_S);
    let mark = URL_SAFE_NO_PAD.encode(secret.mac("cookie", &body));
    format!("{NAME}={body}.{mark}; Path=/; Max-Age={LIFE_S}; HttpOnly; SameSite=Lax")
}

/// The value of `Set-Cookie` that signs a shopper out.
pub fn sign_out() -> String {
    format!("{NAME}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
}

/// The name of whoever sent these headers, if the shop signed them in.
pub fn who(secret: &StoreSecret, headers: &HeaderMap, now_s: u64) -> Option<String> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let value = cookies
        .flat_map(|list| list.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == NAME).then_some(value))?;
    let (body, mark) = value.rsplit_once('.')?;
    let (name, ends) = body.split_once('.')?;
    let mark = URL_SAFE_NO_PAD.decode(mark).ok()?;
    let known = same(&mark, &secret.mac("cookie", body));
    let in_time = ends.parse::<u64>().ok()? > now_s;
    let name = String::from_utf8(URL_SAFE_NO_PAD.decode(name).ok()?).ok()?;
    (known && in_time).then_some(name)
}

/// Compares without telling by its time how much was right.
fn same(one: &[u8], two: &[u8]) -> bool {
    one.len() == two.len() && one.iter().zip(two).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_762_848_000;

    fn sent(cookie: &str) -> HeaderMap {
        let pair = cookie.split(';').next().unwrap();
        HeaderMap::from_iter([(COOKIE, format!("other=1; {pair}").parse().unwrap())])
    }

    #[test]
    fn a_cookie_brings_its_name_back_until_it_ends() {
        let secret = StoreSecret::new([1; 32]);
        let cookie = sign_in(&secret, "小满", NOW);
        assert_eq!(who(&secret, &sent(&cookie), NOW).as_deref(), Some("小满"));
        assert_eq!(who(&secret, &sent(&cookie), NOW + LIFE_S), None);
    }

    #[test]
    fn a_cookie_is_hidden_from_scripts_and_from_other_sites() {
        let cookie = sign_in(&StoreSecret::new([1; 32]), "a", NOW);
        assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Lax"));
    }

    #[test]
    fn a_cookie_with_another_name_or_mark_signs_nobody_in() {
        let secret = StoreSecret::new([1; 32]);
        let cookie = sign_in(&secret, "a", NOW);
        let forged = cookie.replace(&URL_SAFE_NO_PAD.encode("a"), &URL_SAFE_NO_PAD.encode("b"));
        assert_ne!(cookie, forged);
        assert_eq!(who(&secret, &sent(&forged), NOW), None);
        assert_eq!(who(&StoreSecret::new([2; 32]), &sent(&cookie), NOW), None);
        assert_eq!(who(&secret, &sent(&sign_out()), NOW), None);
        assert_eq!(who(&secret, &HeaderMap::new(), NOW), None);
    }

    #[test]
    fn a_name_is_short_and_printable() {
        assert_eq!(shopper_name("  小满 "), Some("小满"));
        for bad in ["", "   ", "a\nb", &"长".repeat(25)] {
            assert_eq!(shopper_name(bad), None, "{bad:?}");
        }
    }
}
