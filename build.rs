//! The browser's files are made by `make assets` and embedded; without them there is nothing to embed.

fn main() {
    println!("cargo::rerun-if-changed=assets/dist/manifest.json");
    println!("cargo::rerun-if-changed=templates");
    println!("cargo::rerun-if-changed=migrations");
    if !std::path::Path::new("assets/dist/manifest.json").exists() {
        println!("cargo::error=Run `make assets` first: the browser's files are missing in assets/dist.");
    }
}
