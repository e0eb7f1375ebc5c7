namespace Congress.Datasources.Drivers.Rest;

/// <summary>URLs that are made of parts, and where links may lead.</summary>
internal static class RestUrl
{
    /// <summary>Reads a URL that others are made of; null when it is none, or has what belongs elsewhere.</summary>
    public static Uri? Base(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0 && url.Fragment.Length == 0 ? url : null;

    /// <summary>Appends a path and a query.</summary>
    public static Uri Under(Uri start, string path, IEnumerable<KeyValuePair<string, string>> query)
    {
        var mark = path.IndexOf('?', StringComparison.Ordinal);
        var builder = new UriBuilder(start);
        var way = (mark < 0 ? path : path[..mark]).TrimStart('/');
        builder.Path = way.Length == 0 ? builder.Path : $"{builder.Path.TrimEnd('/')}/{way}";
        builder.Query = Joined(start.Query.TrimStart('?'), mark < 0 ? "" : path[(mark + 1)..]);
        return With(builder.Uri, query);
    }

    /// <summary>Sets parameters of the query; the others stay.</summary>
    public static Uri With(Uri url, IEnumerable<KeyValuePair<string, string>> query)
    {
        var set = query.Select(pair => (Name: Uri.EscapeDataString(pair.Key), Value: Uri.EscapeDataString(pair.Value))).ToArray();
        var kept = url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(part => !set.Any(pair => part.Split('=')[0] == pair.Name));
        return new UriBuilder(url) { Query = string.Join('&', kept.Concat(set.Select(pair => $"{pair.Name}={pair.Value}"))) }.Uri;
    }

    /// <summary>Where a link leads from a page; null when that is another server, which is to see no credentials.</summary>
    /// <remarks>A server behind a proxy that ends TLS may think that it is asked by HTTP: such a link stays with the proxy.</remarks>
    public static Uri? Follow(Uri page, string link)
    {
        if (!Uri.TryCreate(page, link, out var next) || next.Scheme is not ("http" or "https") || next.UserInfo.Length > 0)
        {
            return null;
        }

        if (page.Scheme == "https" && next.Scheme == "http" && string.Equals(page.IdnHost, next.IdnHost, StringComparison.OrdinalIgnoreCase))
        {
            next = new UriBuilder(next) { Scheme = page.Scheme, Port = page.Port }.Uri;
        }

        return Uri.Compare(page, next, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0 ? next : null;
    }

    private static string Joined(string first, string second) => first.Length == 0 ? second : second.Length == 0 ? first : $"{first}&{second}";
}
