using Congress.Data;
using Congress.Datasources.Translation;

namespace Congress.Datasources.Drivers.Rest;

/// <summary>Something to read: a URL whose items become rows.</summary>
/// <param name="Group">The tables that it fills.</param>
/// <param name="Target">Where it is.</param>
/// <param name="Translator">Makes rows of the items.</param>
/// <param name="Items">Leads from the answer to the items; null when the answer is that.</param>
/// <param name="Paging">How its pages follow each other.</param>
/// <param name="Headers">Headers of its own.</param>
internal sealed record RestResource(
    TableGroup Group, RestTarget Target, Translator Translator, JsonPath? Items, Paging Paging, IReadOnlyDictionary<string, string> Headers);

/// <summary>Where requests go: a path below the base URL, or below one that the login's answer has.</summary>
/// <param name="Base">The base URL.</param>
/// <param name="Endpoint">The name of the other one.</param>
/// <param name="Path">The path.</param>
/// <param name="Query">Parameters.</param>
internal sealed record RestTarget(Uri Base, string? Endpoint, TextTemplate Path, IReadOnlyDictionary<string, TextTemplate> Query)
{
    /// <summary>The URL.</summary>
    /// <param name="session">Has the endpoints.</param>
    /// <param name="values">Fills the placeholders. One of the path must not be empty, or the path would lead elsewhere.</param>
    /// <param name="more">More parameters.</param>
    /// <exception cref="DriverException">A value makes no part of a path.</exception>
    public Uri UrlOf(RestSession session, IReadOnlyDictionary<string, Value> values, IEnumerable<KeyValuePair<string, string>>? more = null)
    {
        if (Path.Placeholders.FirstOrDefault(name => IsEmpty(values.GetValueOrDefault(name))) is { } empty)
        {
            throw new DriverException($"'{empty}' is a part of the path, and must not be empty");
        }

        var path = Path.Fill(values, Uri.EscapeDataString);
        if (path.Split('?')[0].Split('/').Any(part => part is "." or ".."))
        {
            throw new DriverException($"the path {path} leads up");
        }

        var query = Query.Where(pair => pair.Value.Only is not { } name || values.ContainsKey(name))
            .Select(pair => new KeyValuePair<string, string>(pair.Key, pair.Value.Fill(values)));
        var start = Endpoint is null ? Base : session.Endpoints.GetValueOrDefault(Endpoint)
            ?? throw new DriverException($"the login's answer has no URL of the endpoint '{Endpoint}'");
        return RestUrl.Under(start, path, query.Concat(more ?? []));
    }

    private static bool IsEmpty(Value value) => value.Kind == ValueKind.Null || value.ToPlainText().Length == 0;
}
