use super::*;

use hyper::header::HeaderValue;

fn wait_example() -> Reach {
    Reach::new(Some("https://wait.example")).expect("an address").named(&["Salon.Example".into()])
}

fn behind_proxies() -> Reach {
    let networks = ["10.0.0.0/8", "2001:db8:1::/48", "192.0.2.1", "::ffff:172.16.0.0/108"];
    Reach::default().behind(networks.iter().map(|text| network(text).expect(text)).collect())
}

fn headers(name: &HeaderName, values: &[&[u8]]) -> HeaderMap {
    let value = |bytes: &&[u8]| HeaderValue::from_bytes(bytes).expect("can be sent");
    values.iter().map(|bytes| (name.clone(), value(bytes))).collect()
}

fn client(peer: &str, forwarded_for: &[&str]) -> String {
    let values: Vec<&[u8]> = forwarded_for.iter().map(|text| text.as_bytes()).collect();
    let peer = Peer::new(peer.parse().expect("an address"), false);
    behind_proxies().client(&peer, &headers(&FORWARDED_FOR, &values)).address.to_string()
}

#[test]
fn an_address_is_taken_from_proxies_of_ours_alone_and_never_from_who_asks() {
    for (peer, forwarded_for, expected) in [
        // Nobody between.
        ("198.51.100.7", &[][..], "198.51.100.7"),
        ("198.51.100.7", &["203.0.113.9"], "198.51.100.7"),
        ("198.51.100.7", &["10.0.0.1"], "198.51.100.7"),
        ("2001:db8:2::1", &["203.0.113.9"], "2001:db8:2::1"),
        // One proxy, which says nothing, or whom it heard.
        ("10.0.0.1", &[], "10.0.0.1"),
        ("10.0.0.1", &["203.0.113.9"], "203.0.113.9"),
        ("192.0.2.1", &["203.0.113.9"], "203.0.113.9"),
        ("172.16.5.5", &["203.0.113.9"], "203.0.113.9"),
        ("2001:db8:1:ffff::3", &["203.0.113.9"], "203.0.113.9"),
        // Who asks has made up what stands on the left, in one header or in several.
        ("10.0.0.1", &["1.1.1.1, 203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", &["1.1.1.1", "203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", &["203.0.113.9", "1.1.1.1, 8.8.8.8"], "8.8.8.8"),
        ("10.0.0.1", &["127.0.0.1,10.0.0.9,203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", &["10.0.0.2, 203.0.113.9, 10.0.0.3"], "203.0.113.9"),
        // Several proxies.
        ("10.0.0.1", &["203.0.113.9, 10.0.0.3, 2001:db8:1::4"], "203.0.113.9"),
        ("10.0.0.1", &["203.0.113.9", "10.0.0.3", "10.0.0.2"], "203.0.113.9"),
        ("10.0.0.1", &["10.0.0.4, 10.0.0.3"], "10.0.0.4"),
        // Ports, brackets, blanks, mapped addresses.
        ("10.0.0.1", &["203.0.113.9:4711"], "203.0.113.9"),
        ("10.0.0.1", &["[2001:db8:2::9]:4711"], "2001:db8:2::9"),
        ("10.0.0.1", &["[2001:db8:2::9]"], "2001:db8:2::9"),
        ("10.0.0.1", &["2001:db8:2::9"], "2001:db8:2::9"),
        ("10.0.0.1", &["\t203.0.113.9  ,   10.0.0.3 "], "203.0.113.9"),
        ("10.0.0.1", &["1.1.1.1, ::ffff:203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", &["203.0.113.9, ::ffff:10.0.0.3"], "203.0.113.9"),
        ("::ffff:10.0.0.1", &["203.0.113.9"], "203.0.113.9"),
        ("::ffff:198.51.100.7", &["203.0.113.9"], "198.51.100.7"),
        // Nonsense ends the walk at the last good entry.
        ("10.0.0.1", &["203.0.113.9, unknown"], "10.0.0.1"),
        ("10.0.0.1", &["203.0.113.9, unknown, 10.0.0.3"], "10.0.0.3"),
        ("10.0.0.1", &["203.0.113.9,"], "10.0.0.1"),
        ("10.0.0.1", &[""], "10.0.0.1"),
        ("10.0.0.1", &["203.0.113.999"], "10.0.0.1"),
        ("10.0.0.1", &["203.0.113.9:99999"], "10.0.0.1"),
        ("10.0.0.1", &["[203.0.113.9]"], "10.0.0.1"),
        ("10.0.0.1", &["fe80::1%eth0"], "10.0.0.1"),
        ("10.0.0.1", &["203.0.113.9;10.0.0.3"], "10.0.0.1"),
        ("10.0.0.1", &["\"203.0.113.9\""], "10.0.0.1"),
        ("10.0.0.1", &["for=203.0.113.9"], "10.0.0.1"),
    ] {
        assert_eq!(client(peer, forwarded_for), expected, "{peer} {forwarded_for:?}");
    }
    let bytes = headers(&FORWARDED_FOR, &[b"203.0.113.9, \xff"]);
    let peer = Peer::new(IpAddr::from([10, 0, 0, 1]), false);
    assert_eq!(behind_proxies().client(&peer, &bytes).address, peer.address);
}

#[test]
fn that_somebody_came_by_tls_is_believed_of_proxies_of_ours_alone() {
    for (peer, is_tls, words, expected) in [
        ("198.51.100.7", false, &["https"][..], false),
        ("198.51.100.7", true, &["http"], true),
        ("10.0.0.1", false, &["https"], true),
        ("10.0.0.1", false, &["HTTPS"], true),
        ("10.0.0.1", true, &["http"], false),
        ("10.0.0.1", false, &["https, http"], false),
        ("10.0.0.1", false, &["https", "http"], false),
        ("10.0.0.1", false, &["http", "https"], true),
        ("10.0.0.1", false, &["httpss"], false),
        ("10.0.0.1", false, &[""], false),
        ("10.0.0.1", true, &[], true),
        ("10.0.0.1", false, &[], false),
    ] {
        let values: Vec<&[u8]> = words.iter().map(|text| text.as_bytes()).collect();
        let peer = Peer::new(peer.parse().expect("an address"), is_tls);
        let client = behind_proxies().client(&peer, &headers(&FORWARDED_PROTO, &values));
        assert_eq!(client.is_https, expected, "{peer:?} {words:?}");
    }
}

#[test]
fn a_network_is_an_address_with_or_without_bits_and_never_everybody() {
    assert_eq!(network("10.1.2.3").expect("one address").to_string(), "10.1.2.3/32");
    assert_eq!(network("::1").expect("one address").to_string(), "::1/128");
    assert_eq!(network("::ffff:10.1.0.0/112").expect("mapped").to_string(), "10.1.0.0/16");
    for wrong in ["", "proxy", "10.0.0.0/33", "0.0.0.0/0", "::/0", "10.0.0", "::ffff:0:0/96"] {
        assert!(network(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_name_that_somebody_else_could_have_point_here_is_not_ours() {
    let reach = wait_example();
    for ours in [
        "wait.example",
        "wait.example:443",
        "WAIT.Example",
        "wait.example.",
        "salon.example",
        "salon.example:8443",
        "localhost",
        "localhost:8080",
        "frontdesk",
        "salon-pc:8080",
        "board.local",
        "Board.LOCAL:80",
        "board.lan",
        "board.home.arpa",
        "board.internal",
        "127.0.0.1",
        "192.168.1.5:8080",
        "[::1]",
        "[fd00::5]:8080",
    ] {
        assert!(reach.knows_host(ours), "{ours}");
    }
    for other in [
        "",
        ".",
        ".local",
        ":80",
        "evil.example",
        "wait.example.evil.com",
        "evilwait.example",
        "sub.wait.example",
        "salon.example.evil.com",
        "localhost.evil.com",
        "board.local.evil.com",
        "boardlocal.com",
        "192.168.1.5.evil.com",
        "user@localhost",
        "localhost/",
        "localhost:",
        "localhost:0",
        "localhost:+80",
        "localhost:80:80",
        "localhost, evil.com",
        "wait..example",
        "wait.example..",
        "::1",
        "[::1",
        "[::1]80",
        "váróterem",
    ] {
        assert!(!reach.knows_host(other), "{other}");
    }
    assert!(!Reach::default().knows_host("wait.example"), "nobody said so");
}

#[test]
fn only_pages_of_ours_may_speak_to_us() {
    let reach = wait_example();
    for (origin, host, is_https, expected) in [
        // The public address, whatever the proxy made of the host.
        ("https://wait.example", "wait.example", true, true),
        ("https://wait.example", "10.0.0.5:8080", false, true),
        ("https://wait.example", "backend.evil.com", false, true),
        ("https://wait.example:443", "wait.example", true, true),
        ("HTTPS://WAIT.EXAMPLE", "wait.example", true, true),
        // The address the request came to, when it is ours.
        ("http://192.168.1.5:8080", "192.168.1.5:8080", false, true),
        ("http://[fd00::5]:8080", "[FD00::5]:8080", false, true),
        ("http://localhost", "localhost:80", false, true),
        ("https://salon.example", "salon.example:443", true, true),
        ("https://wait.example.", "wait.example.", true, true),
        // Others.
        ("null", "wait.example", true, false),
        ("", "wait.example", true, false),
        ("http://wait.example", "wait.example", true, false),
        ("http://wait.example:443", "wait.example", true, false),
        ("https://wait.example:8443", "wait.example", true, false),
        ("https://wait.example:80", "wait.example", true, false),
        ("https://wait.example.evil.com", "wait.example", true, false),
        ("https://evil.com/wait.example", "wait.example", true, false),
        ("https://wait.example/", "wait.example", true, false),
        ("https://wait.example@evil.com", "wait.example", true, false),
        ("https://evil.com@wait.example", "wait.example", true, false),
        ("https://evil.com#wait.example", "wait.example", true, false),
        ("https://wait.example evil.com", "wait.example", true, false),
        ("https://wait.example.", "wait.example", true, false),
        ("https://evilwait.example", "wait.example", true, false),
        ("wss://wait.example", "wait.example", true, false),
        ("file://", "wait.example", true, false),
        ("chrome-extension://abcdef", "wait.example", true, false),
        ("//wait.example", "wait.example", true, false),
        ("https://", "wait.example", true, false),
        ("https://wait.example:", "wait.example", true, false),
        ("https://wait.example:0443", "wait.example", true, true),
        // Rebinding: the page and the host agree, and neither is ours.
        ("http://evil.com", "evil.com", false, false),
        ("http://evil.com:8080", "evil.com:8080", false, false),
        // Another port or machine of the same network.
        ("http://192.168.1.5:9090", "192.168.1.5:8080", false, false),
        ("http://192.168.1.6:8080", "192.168.1.5:8080", false, false),
        ("http://localhost:8080", "localhost:8080", true, false),
    ] {
        assert_eq!(reach.allows_origin(origin, host, is_https), expected, "{origin} at {host}");
    }
    let anywhere = Reach::default();
    assert!(anywhere.allows_origin("http://127.0.0.1:8080", "127.0.0.1:8080", false));
    assert!(!anywhere.allows_origin("https://wait.example", "127.0.0.1:8080", false));
}

#[test]
fn a_public_address_has_a_scheme_and_a_host() {
    for (url, origin) in [
        ("https://wait.example", "https://wait.example"),
        ("https://Wait.Example:443/", "https://wait.example"),
        ("http://10.0.0.5:8080/board?a#b", "http://10.0.0.5:8080"),
        ("https://[::1]:8443", "https://[::1]:8443"),
    ] {
        assert_eq!(Origin::of_url(url).map(|origin| origin.to_string()).as_deref(), Ok(origin));
    }
    for wrong in ["wait.example", "ftp://wait.example", "https://", "https://a b", "https://u@a"] {
        let refused = Reach::new(Some(wrong)).expect_err(wrong).to_string();
        assert!(refused.contains(wrong), "{refused}");
    }
    assert!(wait_example().is_https());
    assert!(!Reach::default().is_https());
    assert!(Reach::default().with_tls().is_https());
    // A proxy that speaks plainly to people is what they reach.
    assert!(!Reach::new(Some("http://wait.example")).expect("an address").with_tls().is_https());
}
