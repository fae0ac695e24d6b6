module.exports = internal.builtin('internal/cjs').Module
