//! What a page knows of its activity, and the bytes that it asks with.

/// An activity as its page knows it.
#[derive(Debug)]
pub struct Page {
    /// The store.
    pub store: String,
    /// The activity's id.
    pub activity: String,
    /// The revision that it shows.
    pub revision: String,
}

impl Page {
    /// Asks how things stand.
    pub fn me(&self, token: &str) -> Vec<u8> {
        let Self { store, activity, .. } = self;
        format!(
            "GET /v1/stores/{store}/activities/{activity}/me HTTP/1.1\r\nhost: load\r\n\
             authorization: Bearer {token}\r\n\r\n"
        )
        .into_bytes()
    }

    /// Plays.
    pub fn play(&self, token: &str, key: &str, action: &str, commitment: &str) -> Vec<u8> {
        let Self { store, activity, revision } = self;
        let body = format!(
            "{{\"action\":{action},\"client_seed\":\"load-seed\",\"commitment\":\"{commitment}\",\
             \"revision\":\"{revision}\"}}"
        );
        format!(
            "POST /v1/stores/{store}/activities/{activity}/plays HTTP/1.1\r\nhost: load\r\n\
             authorization: Bearer {token}\r\nidempotency-key: {key}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes()
    }
}
