#![no_main]

use hearback_fuzz::office;

libfuzzer_sys::fuzz_target!(init: { office(); }, |data: &[u8]| office().link_token(data));
