//! Refuses to build without the two vendored scripts, and says how to get them.

fn main() {
    let vendor = std::path::Path::new("../../ui/vendor");
    for file in ["htmx.js", "echarts.js"] {
        let path = vendor.join(file);
        println!("cargo::rerun-if-changed={}", path.display());
        assert!(path.exists(), "ui/vendor/{file} is missing: run `scripts/vendor.sh` (needs Node and npm) first");
    }
    println!("cargo::rerun-if-changed=../../ui");
}
