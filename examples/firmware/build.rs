//! Host: links the programs with the C library alone, for `main`'s caller and `memcpy`, as a microcontroller's runtime
//! would. Cortex-M: with the memory map of the emulated board.
fn main() {
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "arm") {
        println!("cargo:rerun-if-changed=cortex-m4.x");
        println!("cargo:rustc-link-arg-bins=-T{}/cortex-m4.x", env!("CARGO_MANIFEST_DIR"));
        return;
    }
    println!("cargo:rustc-link-arg-bins=-lc");
    println!("cargo:rustc-link-arg-bins=-nodefaultlibs");
    println!("cargo:rustc-link-arg-bins=-Wl,--gc-sections");
}
