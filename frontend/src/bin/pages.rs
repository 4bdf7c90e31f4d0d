//! The program of all pages but the phone's.

fn main() {
    sooner_frontend::pages();
}
