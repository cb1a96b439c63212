// Before the first paint, so that a chosen colour scheme never flashes.
document.documentElement.dataset.scheme = localStorage.getItem('hocuspass:scheme') ?? 'auto';
