//! Links the programs with the C library alone: for `main`'s caller and `memcpy`, as a microcontroller's runtime would.
fn main() {
    println!("cargo:rustc-link-arg-bins=-lc");
    println!("cargo:rustc-link-arg-bins=-nodefaultlibs");
    println!("cargo:rustc-link-arg-bins=-Wl,--gc-sections");
}
