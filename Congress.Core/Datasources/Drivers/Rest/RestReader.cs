using System.Globalization;
using System.Net;
using System.Text.Json;
using Congress.Data;
using Congress.Datasources.Translation;

namespace Congress.Datasources.Drivers.Rest;

/// <summary>Reads one resource again and again, page by page, and asks whether pages have changed since it read them.</summary>
/// <remarks>Only when no page has changed has nothing changed. When a later one has, those before it are read again, as their rows are not kept.</remarks>
internal sealed class RestReader(
    RestResource resource, RestClient client, RestWords words, RestSessions sessions, IReadOnlyDictionary<string, Value> values, int maxPages, long maxBytes)
{
    private IReadOnlyList<Page> _known = [];

    /// <summary>Reads all pages.</summary>
    /// <param name="isConditional">Whether it is enough to know that nothing has changed.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The rows of each table; null when nothing has changed.</returns>
    public async Task<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>?> ReadAsync(bool isConditional, CancellationToken cancellationToken)
    {
        try
        {
            var known = isConditional && _known.All(page => page.Conditions.Count > 0) ? _known : [];
            var (pages, rows) = await ReadAsync(known, cancellationToken).ConfigureAwait(false)
                ?? await ReadAsync([], cancellationToken).ConfigureAwait(false)
                ?? throw new System.Diagnostics.UnreachableException();
            _known = pages;
            return rows?.Tables;
        }
        catch (UnknownOutcomeException e)
        {
            throw new DriverException(e.Message, e.InnerException);     // a reading that is lost is one that was not made
        }
    }

    /// <summary>Reads the pages, those that are known only if they have changed.</summary>
    /// <returns>The pages and their rows, no rows when nothing has changed; null when only some pages have not.</returns>
    private async Task<(IReadOnlyList<Page> Pages, TranslatedRows? Rows)?> ReadAsync(IReadOnlyList<Page> known, CancellationToken cancellationToken)
    {
        var (pages, rows, visited, bytes) = (new List<Page>(), new TranslatedRows(resource.Translator.Tables), new HashSet<Uri>(), 0L);
        Uri? url = null;
        do
        {
            var condition = pages.Count < known.Count ? known[pages.Count] : null;
            var answer = await GetAsync(url, condition, maxBytes - bytes, cancellationToken).ConfigureAwait(false);
            if (answer.Status == HttpStatusCode.NotModified && condition is not null)
            {
                pages.Add(condition);
            }
            else if (pages.Count > 0 && known.Count > 0)
            {
                return null;
            }
            else
            {
                known = [];
                bytes += answer.Body.Length;
                pages.Add(Translate(answer, pages.Count, rows));
            }

            url = pages[^1].Next;
            Check(answer.Request, url, pages.Count, visited);
        }
        while (url is not null);
        return (pages, known.Count > 0 ? null : rows);
    }

    private async Task<RestAnswer> GetAsync(Uri? url, Page? condition, long most, CancellationToken cancellationToken)
    {
        var answer = await sessions.RunAsync(
            session =>
            {
                var target = url ?? FirstUrl(session);
                var conditions = condition is not null && condition.Url == target ? condition.Conditions : [];
                return client.SendAsync(
                    new(HttpMethod.Get, target) { Headers = [.. session.Headers, .. resource.Headers, .. conditions], MaxBytes = Math.Max(most, 1) }, cancellationToken);
            },
            cancellationToken).ConfigureAwait(false);
        return answer.IsSuccess || (answer.Status == HttpStatusCode.NotModified && condition is not null) ? answer : throw words.Refused(answer);
    }

    private Uri FirstUrl(RestSession session)
    {
        try
        {
            return resource.Target.UrlOf(session, values, resource.Paging.FirstQuery);
        }
        catch (Exception e) when (e is DriverException or UriFormatException)
        {
            throw new DriverException($"'{resource.Group.Name}' cannot be read: {e.Message}");
        }
    }

    private Page Translate(RestAnswer answer, int number, TranslatedRows rows)
    {
        using var body = words.Json(answer);
        try
        {
            var found = resource.Items is { } path ? path.All(body.RootElement).ToArray() : [body.RootElement];
            if (found.Length == 0 && resource.Items!.IsSingular)
            {
                throw new DriverException($"the answer has nothing at {resource.Items}");
            }

            foreach (var items in found)
            {
                if (resource.Translator.TakesArrays && items.ValueKind == JsonValueKind.Array)
                {
                    resource.Translator.Translate(items, rows);
                }
                else
                {
                    resource.Translator.TranslateEach(items, rows);
                }
            }

            JsonElement[] all = [.. found.SelectMany(items => items.ValueKind switch
            {
                JsonValueKind.Array => items.EnumerateArray(),
                JsonValueKind.Null => (IEnumerable<JsonElement>)[],
                _ => [items],
            })];
            var next = resource.Paging.TryNext(number, answer, body.RootElement, all, out var link)
                ? RestUrl.Follow(answer.Request.Url, link) ?? throw new DriverException($"the next page is on another server, {link}, which is to see no credentials")
                : null;
            return new(answer.Request.Url, next, ConditionsOf(answer));
        }
        catch (Exception e) when (e is DriverException or UriFormatException)
        {
            throw new DriverException(words.Of(answer.Request, e.Message), e.InnerException);
        }
    }

    private void Check(RestRequest request, Uri? next, int pages, HashSet<Uri> visited)
    {
        visited.Add(request.Url);
        if (next is not null && visited.Contains(next))
        {
            throw new DriverException(words.Of(request, $"the next page is one that was read: {next.AbsoluteUri}"));
        }

        if (next is not null && pages >= maxPages)
        {
            throw new DriverException(words.Of(request, string.Create(CultureInfo.InvariantCulture, $"there are more than {maxPages} pages, which max_pages allows")));
        }
    }

    private static List<KeyValuePair<string, string>> ConditionsOf(RestAnswer answer)
    {
        var conditions = new List<KeyValuePair<string, string>>();
        if (answer.Headers.NonValidated.TryGetValues("ETag", out var tags))
        {
            conditions.Add(new("If-None-Match", tags.ToString()));     // as it came: some leave out the quotes
        }

        if (answer.LastModified is { } modified)
        {
            conditions.Add(new("If-Modified-Since", modified.ToString("R", CultureInfo.InvariantCulture)));
        }

        return conditions;
    }

    /// <summary>A page that was read.</summary>
    /// <param name="Url">Where.</param>
    /// <param name="Next">The page after it.</param>
    /// <param name="Conditions">The headers that ask whether it has changed; none when the system knows none.</param>
    private sealed record Page(Uri Url, Uri? Next, IReadOnlyList<KeyValuePair<string, string>> Conditions);
}
