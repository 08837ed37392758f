//! Whose address a request counts for.

use axum::http::{HeaderMap, HeaderName};
use std::{
    net::{IpAddr, Ipv6Addr, SocketAddr},
    str::FromStr,
};

/// Addresses and networks, as the setting `trusted_proxies` names them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Networks(Vec<(IpAddr, u32)>);

/// Who is believed about an address, and where it is said.
pub struct Proxies {
    trusted: Networks,
    header: HeaderName,
}

impl Proxies {
    /// By these settings.
    pub fn new(trusted: Networks, header: HeaderName) -> Self {
        Self { trusted, header }
    }

    /// The address that a request counts for; none where it is this machine's own, or where a
    /// trusted proxy does not say.
    ///
    /// A header that came with the request is believed only as far as trusted proxies wrote it:
    /// they append, so it is read from its end.
    pub fn address(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        let peer = peer.to_canonical();
        if !self.trusted.contain(peer) {
            return Some(peer).filter(|peer| !peer.is_loopback()).map(whole);
        }
        let said = headers.get_all(&self.header);
        let said: Vec<_> = said.iter().filter_map(|value| value.to_str().ok()).collect();
        let said = said.iter().flat_map(|value| value.split(',')).rev();
        for text in said {
            let address = read(text.trim())?;
            if !self.trusted.contain(address) {
                return Some(whole(address));
            }
        }
        None
    }
}

/// Of IPv6 a household or a machine has the last 64 bits to itself.
fn whole(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

/// An address as proxies write it: plain, with a port, in brackets.
fn read(text: &str) -> Option<IpAddr> {
    let plain = text.trim_start_matches('[').trim_end_matches(']').parse();
    let plain = plain.or_else(|_| text.parse().map(|address: SocketAddr| address.ip()));
    plain.ok().map(|address: IpAddr| address.to_canonical())
}

impl Networks {
    fn contain(&self, address: IpAddr) -> bool {
        self.0.iter().any(|(network, bits)| match (network, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let differing = network.to_bits() ^ address.to_bits();
                differing.leading_zeros() >= *bits
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let differing = network.to_bits() ^ address.to_bits();
                differing.leading_zeros() >= *bits
            }
            _ => false,
        })
    }
}

impl FromStr for Networks {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let named = text.split(',').map(str::trim).filter(|named| !named.is_empty());
        let read = |named: &str| {
            let (address, bits) = named.split_once('/').unwrap_or((named, ""));
            let address: IpAddr = address.parse().map_err(|_| ())?;
            let all = if address.is_ipv4() { 32 } else { 128 };
            let bits = if bits.is_empty() { all } else { bits.parse().map_err(|_| ())? };
            if bits <= all { Ok((address, bits)) } else { Err(()) }
        };
        named.map(read).collect::<Result<_, _>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn counts(trusted: &str, peer: &str, said: &[&str], address: Option<&str>) {
        let header = HeaderName::from_static("x-forwarded-for");
        let mut headers = HeaderMap::new();
        for said in said {
            headers.append(header.clone(), said.parse().unwrap());
        }
        let proxies = Proxies::new(trusted.parse().unwrap(), header);
        let found = proxies.address(peer.parse().unwrap(), &headers);
        assert_eq!(found, address.map(|address| address.parse().unwrap()));
    }

    #[test]
    fn a_forged_header_changes_no_address() {
        counts("", "203.0.113.7", &["198.51.100.1"], Some("203.0.113.7"));
        counts("10.0.0.0/8", "203.0.113.7", &["198.51.100.1"], Some("203.0.113.7"));
        // What the shopper wrote stands before what the proxy appended.
        counts("10.0.0.0/8", "10.1.2.3", &["1.1.1.1, 203.0.113.7"], Some("203.0.113.7"));
        counts("10.0.0.0/8", "10.1.2.3", &["1.1.1.1", "203.0.113.7"], Some("203.0.113.7"));
        counts("10.0.0.0/8", "10.1.2.3", &["203.0.113.7, 10.9.9.9"], Some("203.0.113.7"));
    }

    #[test]
    fn an_address_is_read_as_proxies_write_it() {
        counts("::1", "::1", &["203.0.113.7:4711"], Some("203.0.113.7"));
        counts("::1", "::1", &["[2001:db8::7]:4711"], Some("2001:db8::"));
        counts("::1", "::1", &["[2001:db8::7]"], Some("2001:db8::"));
        counts("::1", "::1", &["::ffff:203.0.113.7"], Some("203.0.113.7"));
        counts("127.0.0.1", "::ffff:127.0.0.1", &["203.0.113.7"], Some("203.0.113.7"));
    }

    #[test]
    fn a_household_is_one_address() {
        counts("", "2001:db8:1:2:3:4:5:6", &[], Some("2001:db8:1:2::"));
    }

    #[test]
    fn nobody_is_limited_where_the_proxy_does_not_say_who_asks() {
        counts("", "127.0.0.1", &[], None);
        counts("10.0.0.1", "10.0.0.1", &[], None);
        counts("10.0.0.1", "10.0.0.1", &["unknown"], None);
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in ["10.0.0.0/33", "10.0.0", "::/129", "a", "10.0.0.1/x"] {
            assert!(text.parse::<Networks>().is_err(), "{text}");
        }
        assert_eq!(" 10.0.0.1 , ::/0 ".parse::<Networks>().unwrap().0.len(), 2);
    }
}
