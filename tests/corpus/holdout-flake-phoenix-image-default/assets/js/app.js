document.querySelectorAll('[data-crew]').forEach((list) => list.classList.add('ready'))
