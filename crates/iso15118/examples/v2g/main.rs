fn main() {}
mod json;
