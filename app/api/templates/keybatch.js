// What Keybatch adds to the pages of rq-dashboard: the proof that a change comes from them, and what was said to it.
(function ($) {
    var proof = function () {
        var found = document.cookie.match(/(?:^|; )keybatch_csrf=([^;]*)/);
        return found ? found[1] : '';
    };
    $.ajaxPrefilter(function (options, _, xhr) {
        if (!options.crossDomain && !/^(GET|HEAD)$/i.test(options.type)) {
            xhr.setRequestHeader('X-CSRF-Token', proof());
        }
    });

    var say = function (text, kind) {
        var $said = $('<p class="alert" role="status"/>').addClass('alert-' + kind).text(text);
        $('#keybatch-said').remove();
        $('<div id="keybatch-said" class="container"/>').append($said).insertAfter('#navbar-dashboard');
    };
    var changes = function (settings) { return !/^(GET|HEAD)$/i.test(settings.type); };
    $(document).ajaxError(function (_, xhr, settings) {
        if (changes(settings)) {
            say((xhr.responseJSON && xhr.responseJSON.detail) || xhr.responseText || 'The server did not answer.', 'warning');
        }
    });
    $(document).ajaxSuccess(function (_, xhr, settings) {
        var told = changes(settings) && xhr.responseJSON;
        if (told && told.count !== undefined) {
            var stay = Object.keys(told.stay).reduce(function (sum, why) { return sum + told.stay[why]; }, 0);
            say('Queued again: ' + told.count + '. Left as they are, because nothing is to do for them: ' + stay + '.', 'info');
        } else if (told) {
            say('Done.', 'info');
        }
    });

    // Queues are not emptied or compacted here, and a job of another workspace has neither a name nor a page.
    $('<style>#empty-btn, #compact-btn { display: none } ' +
        'tr[data-job-id=""] .actions a, tr[data-job-id=""] .job_id { display: none }</style>').appendTo('head');
    $('<a href="/ops" class="nav-link">Keybatch</a>').prependTo('#navbar-dashboard');
})(jQuery);
