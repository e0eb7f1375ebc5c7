using System.Text.Json;
using Congress.Actions;
using Congress.Data;

namespace Congress.Datasources.Drivers.Rest;

/// <summary>Reads the actions among the options of the driver.</summary>
internal sealed class RestActionOptions(RestOptions options)
{
    /// <summary>Reads them.</summary>
    /// <exception cref="DriverException">One makes no sense.</exception>
    public IReadOnlyList<RestAction> Read(IReadOnlyList<OptionObject> given)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        return [.. given.Select(action => names.Add(action.RequiredText("name")) ? ActionOf(action) : throw action.Wrong("name", "a name that no other action has"))];
    }

    private RestAction ActionOf(OptionObject given)
    {
        given.Allow("name", "description", "method", "path", "query", "headers", "body", "parameters", "endpoint", "promise", "key_header");
        var parameters = ParametersOf(given);
        string[] names = [.. parameters.Select(parameter => parameter.Name)];
        var method = MethodOf(given);
        var promise = given.Text("promise") switch
        {
            null or "at-most-once" => ActionPromise.AtMostOnce,
            "at-least-once" => ActionPromise.AtLeastOnce,
            "keyed" => ActionPromise.Keyed,
            _ => throw given.Wrong("promise", "at-most-once, at-least-once or keyed"),
        };
        if (promise != ActionPromise.Keyed && given.Any("key_header") is not null)
        {
            throw given.Wrong("key_header", "promise to be keyed");
        }

        return new(
            new(given.RequiredText("name"), parameters, given.Text("description") ?? $"{method} {given.RequiredText("path")}", promise),
            method, options.TargetOf(given, names),
            given.Any("body") is { } body ? JsonTemplate.Parse(body, names, given.Place("body")) : null,
            RestOptions.HeadersOf(given.Object("headers")),
            promise == ActionPromise.Keyed ? given.Text("key_header") ?? "Idempotency-Key" : null);
    }

    private static HttpMethod MethodOf(OptionObject given) => (given.Text("method") ?? "POST").ToUpperInvariant() switch
    {
        "POST" => HttpMethod.Post,
        "PUT" => HttpMethod.Put,
        "PATCH" => HttpMethod.Patch,
        "DELETE" => HttpMethod.Delete,
        _ => throw given.Wrong("method", "POST, PUT, PATCH or DELETE"),
    };

    private static ActionParameter[] ParametersOf(OptionObject given)
    {
        if (given.Any("parameters") is not { } list)
        {
            return [];
        }

        ActionParameter[] parameters = list.ValueKind != JsonValueKind.Array ? throw given.Wrong("parameters", "a list of names or objects", list)
            : list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) ? [.. list.EnumerateArray().Select(item => new ActionParameter(item.GetString()!))]
            : [.. given.Objects("parameters").Select(item => item.Allow("name", "description", "required"))
                .Select(item => new ActionParameter(item.RequiredText("name"), item.Text("description") ?? "", item.Flag("required", otherwise: true)))];
        return parameters.All(parameter => parameter.Name.Length > 0) && parameters.DistinctBy(parameter => parameter.Name, StringComparer.Ordinal).Count() == parameters.Length ? parameters
            : throw given.Wrong("parameters", "different names", list);
    }
}
