//! The program of a phone's page: small, because it is waited for.

fn main() {
    sooner_frontend::phone();
}
