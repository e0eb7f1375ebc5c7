using Congress.Api;

namespace Congress.Cli.Server.Http;

/// <summary>What may be done with one resource: a handler for each method.</summary>
/// <param name="Pattern">Its path, with the names of its variable parts in braces.</param>
/// <param name="IsElement">Whether it is one thing and no list: what is posted to it asks for an action.</param>
internal sealed record Resource(string Pattern, bool IsElement = false)
{
    public Endpoint? Get { get; init; }

    public Endpoint? Post { get; init; }

    public Endpoint? Put { get; init; }

    public Endpoint? Patch { get; init; }

    public Endpoint? Delete { get; init; }

    /// <summary>The methods that it has.</summary>
    public IEnumerable<(string Method, Endpoint Endpoint)> Endpoints =>
        new[] { ("GET", Get), ("POST", Post), ("PUT", Put), ("PATCH", Patch), ("DELETE", Delete) }.Where(e => e.Item2 is not null).Select(e => (e.Item1, e.Item2!));
}

/// <summary>A method of a resource.</summary>
/// <param name="Summary">What it does, for the OpenAPI document.</param>
/// <param name="Role">Who may call it.</param>
/// <param name="AnswerAsync">Does it.</param>
internal sealed record Endpoint(string Summary, Role Role, Func<ApiContext, Task> AnswerAsync);

/// <summary>All routes of the API.</summary>
internal static class Routes
{
    public static IReadOnlyList<Resource> Of(Apis api) =>
    [
        .. PolicyRoutes.Of(api), .. RuleRoutes.Of(api), .. TableRoutes.Of(api), .. DatasourceRoutes.Of(api), .. LibraryRoutes.Of(api), .. ActionRoutes.Of(api), .. SystemRoutes.Of(api),
    ];

    /// <summary>The action that is asked for.</summary>
    /// <exception cref="ApiException">There is none, or several.</exception>
    public static string ActionOf(ApiContext context) => context.Http.Request.Query["action"] switch
    {
        { Count: 0 } => throw new ApiException(ApiError.BadRequest, "Missing required action parameter."),
        { Count: > 1 } => throw new ApiException(ApiError.BadRequest, "Action parameter may not be provided multiple times."),
        var action => action[0]!.Replace('_', '-'),
    };
}
