use libvips::ops;

pub fn thumbnail(bytes: &[u8]) -> Result<Vec<u8>, libvips::error::Error> {
    let image = ops::thumbnail_buffer(bytes, 320)?;
    ops::webpsave_buffer(&image)
}
