using System.Globalization;
using System.Text.Json;
using Congress.Datasources.Translation;

namespace Congress.Datasources.Drivers.Rest;

/// <summary>How a system says where the rest of a list is.</summary>
internal abstract record Paging
{
    /// <summary>The parameters of the first page.</summary>
    public virtual IEnumerable<KeyValuePair<string, string>> FirstQuery => [];

    /// <summary>The page after one; null when that was the last.</summary>
    /// <param name="page">The page, from 0.</param>
    /// <param name="answer">What the system answered.</param>
    /// <param name="body">Its body.</param>
    /// <param name="items">The items on it.</param>
    /// <param name="url">The URL of the next page as the system says it, or made of that of this page.</param>
    /// <returns>Whether there is one.</returns>
    public abstract bool TryNext(int page, RestAnswer answer, JsonElement body, IReadOnlyList<JsonElement> items, out string url);

    /// <summary>One page is all.</summary>
    public sealed record Single : Paging
    {
        public override bool TryNext(int page, RestAnswer answer, JsonElement body, IReadOnlyList<JsonElement> items, out string url)
        {
            url = "";
            return false;
        }
    }

    /// <summary>The body has a link.</summary>
    public sealed record BodyLink(JsonPath Path) : Paging
    {
        public override bool TryNext(int page, RestAnswer answer, JsonElement body, IReadOnlyList<JsonElement> items, out string url)
        {
            url = JsonCell.Text(Path.First(body)) ?? "";
            return url.Length > 0;
        }
    }

    /// <summary>A Link header has one, with the relation <c>next</c>.</summary>
    public sealed record HeaderLink : Paging
    {
        public override bool TryNext(int page, RestAnswer answer, JsonElement body, IReadOnlyList<JsonElement> items, out string url)
        {
            url = answer.Headers.TryGetValues("Link", out var links) ? LinkHeader.Find(string.Join(',', links), "next") ?? "" : "";
            return url.Length > 0;
        }
    }

    /// <summary>A page begins after the item of an id, and the last one is empty: a system may give fewer items than it is asked for.</summary>
    public sealed record Marker(string Parameter, JsonPath Id, string? SizeParameter, int Size) : Paging
    {
        public override IEnumerable<KeyValuePair<string, string>> FirstQuery => SizeOf(SizeParameter, Size);

        public override bool TryNext(int page, RestAnswer answer, JsonElement body, IReadOnlyList<JsonElement> items, out string url)
        {
            url = "";
            if (items.Count == 0)
            {
                return false;
            }

            var id = Id.First(items[^1]) is { ValueKind: JsonValueKind.String or JsonValueKind.Number } found && JsonCell.TryRead(found, out var value) ? value.ToPlainText()
                : throw new DriverException($"the last item of the page has no id at {Id}");
            url = RestUrl.With(answer.Request.Url, [new(Parameter, id)]).AbsoluteUri;
            return true;
        }
    }

    /// <summary>Pages have numbers, and the one after the last is empty.</summary>
    public sealed record Numbered(string Parameter, int First, string? SizeParameter, int Size) : Paging
    {
        public override IEnumerable<KeyValuePair<string, string>> FirstQuery => SizeOf(SizeParameter, Size).Append(new(Parameter, Text(First)));

        public override bool TryNext(int page, RestAnswer answer, JsonElement body, IReadOnlyList<JsonElement> items, out string url)
        {
            url = RestUrl.With(answer.Request.Url, [new(Parameter, Text(First + page + 1))]).AbsoluteUri;
            return items.Count > 0;
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> SizeOf(string? parameter, int size) =>
        parameter is null ? [] : [new(parameter, Text(size))];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
