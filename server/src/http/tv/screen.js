// The wall for old TVs. Written in the JavaScript of 2009 (ECMAScript 5), which is all that the
// oldest ones read; a test looks that it stays so.
(function () {
  'use strict';

  var ASK_EVERY_MS = 5000;
  var ANSWER_WITHIN_MS = 8000;
  // So many questions in a row without an answer, and the board says that it is old.
  var STALE_AFTER = 3;
  // The picture moves by a few pixels, so that nothing is burnt into the screen.
  var SHIFT_EVERY_MS = 180000;

  var page = document.getElementById('page');
  var board = document.getElementById('board');
  var band = document.getElementById('band');
  var address = page.getAttribute('data-board');
  var shown = board.innerHTML;
  var version = versionOf(board);
  var unanswered = 0;
  var asked = 0;
  var shift = 0;

  function versionOf(element) {
    var block = element.firstChild;
    return block && block.getAttribute ? block.getAttribute('data-version') : null;
  }

  function show(text) {
    var next = document.createElement('div');
    next.innerHTML = text;
    var found = versionOf(next);
    if (found === null) {
      // Something else answers in the server's place.
      fail();
      return;
    }
    if (found !== version) {
      window.location.reload();
      return;
    }
    if (next.innerHTML !== shown) {
      board.innerHTML = text;
      shown = board.innerHTML;
    }
    unanswered = 0;
    page.setAttribute('data-state', 'live');
  }

  function fail() {
    unanswered += 1;
    if (unanswered >= STALE_AFTER) {
      band.textContent = board.firstChild.getAttribute('data-stale');
      page.setAttribute('data-state', 'stale');
    }
  }

  function ask() {
    var request = new XMLHttpRequest();
    var isOver = false;

    function end(isAnswered) {
      if (isOver) {
        return;
      }
      isOver = true;
      if (isAnswered && request.status === 200) {
        show(request.responseText);
      } else {
        fail();
      }
      setTimeout(ask, ASK_EVERY_MS);
    }

    asked += 1;
    request.onreadystatechange = function () {
      if (request.readyState === 4) {
        end(true);
      }
    };
    // Old browsers keep some answers whatever they are told: each question has its own address.
    request.open('GET', address + '&n=' + asked, true);
    request.timeout = ANSWER_WITHIN_MS;
    request.ontimeout = function () {
      end(false);
    };
    try {
      request.send(null);
    } catch (error) {
      end(false);
    }
  }

  setInterval(function () {
    shift = (shift + 1) % 4;
    page.setAttribute('data-shift', String(shift));
  }, SHIFT_EVERY_MS);
  setTimeout(ask, ASK_EVERY_MS);
}());
