//! Photographs as phones make them, small enough to be written down: no picture in them, but everything around it.

/// Where a photograph says that it was taken: degrees, minutes and hundredths of a second north and east.
pub type Where = ([u32; 3], [u32; 3]);

/// A JPEG with what a camera writes into it: the local time (`2026:04-02 09:30:00` with colons in the day), the place, and its model.
pub fn photograph(taken: Option<&str>, place: Option<Where>) -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xD8];
    let mut exif = b"Exif\0\0".to_vec();
    exif.extend(tables(taken, place));
    bytes.extend([0xFF, 0xE1]);
    bytes.extend(u16::try_from(exif.len() + 2).unwrap_or(u16::MAX).to_be_bytes());
    bytes.extend(exif);
    bytes.extend(picture());
    bytes
}

/// A JPEG of which nobody knows anything.
pub fn bare_photograph() -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xD8];
    bytes.extend(picture());
    bytes
}

/// A picture of a name written by hand.
pub fn signature(name: &str) -> Vec<u8> {
    let mut bytes = vec![0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A];
    bytes.extend(name.as_bytes());
    bytes.extend(b"IEND\xAE\x42\x60\x82");
    bytes
}

fn picture() -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xDA, 0, 2];
    bytes.extend([0x12; 64]);
    bytes.extend([0xFF, 0xD9]);
    bytes
}

/// A table of a TIFF file: entries with short values in place and long ones behind it.
fn table(at: usize, entries: &[(u16, u16, u32, Vec<u8>)]) -> Vec<u8> {
    let behind = at + 2 + entries.len() * 12 + 4;
    let mut head = u16::try_from(entries.len()).unwrap_or(0).to_le_bytes().to_vec();
    let mut rest: Vec<u8> = Vec::new();
    for (tag, kind, count, value) in entries {
        head.extend(tag.to_le_bytes());
        head.extend(kind.to_le_bytes());
        head.extend(count.to_le_bytes());
        if value.len() > 4 {
            head.extend(long(behind + rest.len()));
            rest.extend(value);
        } else {
            head.extend(value.iter().copied().chain([0; 4]).take(4));
        }
    }
    head.extend([0; 4]);
    head.extend(rest);
    head
}

fn long(value: usize) -> Vec<u8> {
    u32::try_from(value).unwrap_or(0).to_le_bytes().to_vec()
}

fn words(text: &str) -> (u32, Vec<u8>) {
    let bytes = [text.as_bytes(), &[0]].concat();
    (u32::try_from(bytes.len()).unwrap_or(0), bytes)
}

fn angle([degrees, minutes, hundredths]: [u32; 3]) -> Vec<u8> {
    let parts = [(degrees, 1_u32), (minutes, 1), (hundredths, 100)];
    parts.iter().flat_map(|(over, under)| [over.to_le_bytes(), under.to_le_bytes()].concat()).collect()
}

fn tables(taken: Option<&str>, place: Option<Where>) -> Vec<u8> {
    const TEXT: u16 = 2;
    const LONG: u16 = 4;
    const RATIONAL: u16 = 5;
    let first = |exif: usize, gps: usize| {
        let (count, model) = words("HONOR 60");
        let mut entries = vec![(0x0110, TEXT, count, model)];
        entries.extend(taken.map(|_| (0x8769, LONG, 1, long(exif))));
        entries.extend(place.map(|_| (0x8825, LONG, 1, long(gps))));
        table(8, &entries)
    };
    let exif_at = 8 + first(0, 0).len();
    let exif = |at: usize| {
        taken.map_or_else(Vec::new, |taken| {
            let (count, text) = words(taken);
            table(at, &[(0x9003, TEXT, count, text)])
        })
    };
    let gps_at = exif_at + exif(exif_at).len();
    let gps = place.map_or_else(Vec::new, |(north, east)| {
        let side = |word: &str| words(word);
        let ((n, north_word), (e, east_word)) = (side("N"), side("E"));
        let entries = [
            (1, TEXT, n, north_word),
            (2, RATIONAL, 3, angle(north)),
            (3, TEXT, e, east_word),
            (4, RATIONAL, 3, angle(east)),
        ];
        table(gps_at, &entries)
    });
    let mut bytes = b"II*\0".to_vec();
    bytes.extend(long(8));
    bytes.extend(first(exif_at, gps_at));
    bytes.extend(exif(exif_at));
    bytes.extend(gps);
    bytes
}
