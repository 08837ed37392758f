//! What a collector receives, read from the bytes that it was sent.

use super::{Fair, play_request};
use axum::http::{HeaderValue, StatusCode};
use funfair_server::{Config, otel};
use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

/// A value of a protobuf message.
#[derive(Clone, Copy)]
enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

/// The fields of a message with their numbers, in their order.
fn fields(mut message: &[u8]) -> Vec<(u64, Value<'_>)> {
    fn varint(message: &mut &[u8]) -> u64 {
        let mut value = 0;
        for shift in (0..).step_by(7) {
            let (byte, rest) = message.split_first().unwrap();
            *message = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if *byte < 0x80 {
                break;
            }
        }
        value
    }
    let mut all = Vec::new();
    while !message.is_empty() {
        let key = varint(&mut message);
        let length = match key & 7 {
            0 => {
                all.push((key >> 3, Value::Number(varint(&mut message))));
                continue;
            }
            1 => 8,
            2 => usize::try_from(varint(&mut message)).unwrap(),
            5 => 4,
            other => panic!("a wire type of {other}"),
        };
        let (value, rest) = message.split_at(length);
        message = rest;
        all.push((key >> 3, Value::Bytes(value)));
    }
    all
}

/// All that lies at a path of field numbers.
fn at<'a>(message: &'a [u8], path: &[u64]) -> Vec<&'a [u8]> {
    let Some((first, rest)) = path.split_first() else { return vec![message] };
    let here = fields(message).into_iter().filter(|(number, _)| number == first);
    let here = here.filter_map(|(_, value)| match value {
        Value::Bytes(bytes) => Some(bytes),
        Value::Number(_) => None,
    });
    here.flat_map(|bytes| at(bytes, rest)).collect()
}

fn text(message: &[u8], field: u64) -> String {
    at(message, &[field]).iter().map(|bytes| String::from_utf8_lossy(bytes)).collect()
}

fn id(message: &[u8], field: u64) -> String {
    at(message, &[field]).iter().map(hex::encode).collect()
}

/// What an attribute of a span says: a whole number, or a text.
fn attribute(span: &[u8], key: &str) -> Option<String> {
    let pair = at(span, &[9]).into_iter().find(|pair| text(pair, 1) == key)?;
    let value = at(pair, &[2])[0];
    Some(match fields(value).first()? {
        (_, Value::Number(number)) => number.to_string(),
        (1, _) => text(value, 1),
        _ => "of another type".into(),
    })
}

/// A collector: the bodies that are posted to it.
fn collector() -> (String, Receiver<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (received, bodies) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let (mut got, mut piece) = (Vec::new(), [0; 4096]);
            let end = |got: &[u8]| got.windows(4).position(|four| four == b"\r\n\r\n");
            while end(&got).is_none() {
                let read = stream.read(&mut piece).unwrap();
                got.extend_from_slice(&piece[..read]);
            }
            let head = end(&got).unwrap();
            let mut body = got.split_off(head + 4);
            let head = String::from_utf8(got).unwrap().to_lowercase();
            let length = head.split("content-length: ").nth(1).unwrap();
            let length: usize = length.lines().next().unwrap().trim().parse().unwrap();
            while body.len() < length {
                let read = stream.read(&mut piece).unwrap();
                body.extend_from_slice(&piece[..read]);
            }
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
            let _ = received.send((head, body));
        }
    });
    (address, bodies)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_play_is_followed_from_the_caller_into_its_batch_and_names_nobody() {
    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    const CALLER: &str = "00f067aa0ba902b7";
    let (address, bodies) = collector();
    otel::start(&Config { otlp_endpoint: address, ..Config::default() }).unwrap();
    let fair = Fair::open();
    let token = fair.token("ann-whom-nobody-names");
    let body = fair.body(&token).await;
    let member = fair.me(&token).await["member"].as_str().unwrap().to_owned();
    let mut play = play_request(&token, "key-of-16-letters", &body);
    let parent = HeaderValue::from_str(&format!("00-{TRACE}-{CALLER}-01")).unwrap();
    play.headers_mut().insert("traceparent", parent);
    assert_eq!(fair.ask(play).await.status, StatusCode::OK);
    tokio::task::spawn_blocking(otel::stop).await.unwrap();

    let mut spans = Vec::new();
    while let Ok((head, body)) = bodies.recv_timeout(Duration::from_secs(5)) {
        assert!(head.starts_with("post /v1/traces http/1.1"), "{head}");
        assert!(head.contains("content-type: application/x-protobuf"), "{head}");
        for secret in ["ann-whom-nobody-names", &token, &member, "key-of-16-letters"] {
            let found = body.windows(secret.len()).any(|bytes| bytes == secret.as_bytes());
            assert!(!found, "{secret} was sent");
        }
        let ours = at(&body, &[1, 2, 2]).into_iter().filter(|span| id(span, 1) == TRACE);
        spans.extend(ours.map(<[u8]>::to_vec));
        if spans.len() >= 2 {
            break;
        }
    }
    let named = |name: &str| spans.iter().find(|span| text(span, 5) == name).expect(name);
    let request = named("POST /v1/stores/{store}/activities/{activity}/plays");
    assert_eq!(id(request, 4), CALLER);
    assert_eq!(attribute(request, "http.response.status_code").as_deref(), Some("200"));
    let batch = named("batch");
    assert_eq!(id(batch, 4), id(request, 2));
    assert_eq!(attribute(batch, "funfair.batch.plays").as_deref(), Some("1"));
    let moment = |span: &[u8], field| {
        u64::from_le_bytes(at(span, &[field])[0].try_into().expect("eight bytes"))
    };
    assert!(moment(request, 7) <= moment(batch, 7), "it began before its request");
    assert!(moment(batch, 7) < moment(batch, 8), "it took no time");
    assert!(moment(batch, 8) <= moment(request, 8), "it was answered before its commit");
    fair.app.shutdown().await;
}
