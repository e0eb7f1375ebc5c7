using Congress.Diagnostics;

namespace Congress.Api;

/// <summary>A request is answered with an error, by the numbers of OpenStack Congress.</summary>
public sealed class ApiException : CongressException
{
    /// <summary>Makes the error.</summary>
    /// <param name="error">What is wrong.</param>
    /// <param name="detail">What and where; behind the error's own text, or in its place when it has none.</param>
    /// <param name="data">More for programs; null for nothing.</param>
    /// <param name="inner">What it comes of.</param>
    public ApiException(ApiError error, string? detail = null, string? data = null, Exception? inner = null)
        : base(MessageOf(error, detail), inner) => (Error, ErrorData) = (error, data);

    /// <summary>What is wrong.</summary>
    public ApiError Error { get; }

    /// <summary>More for programs; null for nothing.</summary>
    public string? ErrorData { get; }

    /// <summary>When it may be worth trying again; null when nothing is known.</summary>
    public TimeSpan? RetryAfter { get; init; }

    private static string MessageOf(ApiError error, string? detail)
    {
        ArgumentNullException.ThrowIfNull(error);
        return detail is null ? error.Description ?? "" : error.Description is null ? detail : $"{error.Description}::{detail}";
    }
}

/// <summary>An error of the API.</summary>
/// <param name="Number">Its number: one of Congress's own, or the HTTP status.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Description">What every message of it begins with; null for nothing.</param>
public sealed record ApiError(int Number, int Status, string? Description)
{
    /// <summary>The request makes no sense.</summary>
    public static ApiError BadRequest { get; } = new(400, 400, null);

    /// <summary>A policy or its rules are not formed as they must be, or a service refuses the input.</summary>
    public static ApiError BadInput { get; } = new(400, 400, "Bad Request");

    /// <summary>No token, or none that is known.</summary>
    public static ApiError Unauthorized { get; } = new(401, 401, "The request you have made requires authentication.");

    /// <summary>The token's role does not allow it.</summary>
    public static ApiError Forbidden { get; } = new(403, 403, "You are not authorized to perform the requested action.");

    /// <summary>There is no such thing.</summary>
    public static ApiError NotFound { get; } = new(404, 404, null);

    /// <summary>There is no such thing, as the service that has such things says.</summary>
    public static ApiError NotFoundThere { get; } = new(404, 404, "Not Found");

    /// <summary>It does not go with what there is.</summary>
    public static ApiError Conflict { get; } = new(409, 409, null);

    /// <summary>The body is too large.</summary>
    public static ApiError TooLarge { get; } = new(413, 413, null);

    /// <summary>Too many requests.</summary>
    public static ApiError TooMany { get; } = new(429, 429, null);

    /// <summary>Something failed that should not have.</summary>
    public static ApiError Internal { get; } = new(500, 500, "Internal server error");

    /// <summary>The resource has no such method.</summary>
    public static ApiError NoMethod { get; } = new(501, 501, "Method not supported");

    /// <summary>Not now.</summary>
    public static ApiError Unavailable { get; } = new(503, 503, "Service Unavailable");

    /// <summary>A rule is wrong.</summary>
    public static ApiError RuleSyntax { get; } = new(1002, 400, "Syntax error for rule");

    /// <summary>A text has several rules.</summary>
    public static ApiError SeveralRules { get; } = new(1003, 400, "Received string representing more than 1 rule");

    /// <summary>An argument of a what-if is missing.</summary>
    public static ApiError IncompleteSimulation { get; } = new(1004, 400, "Simulate requires parameters: query, sequence, action_policy");

    /// <summary>A what-if is wrong.</summary>
    public static ApiError Simulation { get; } = new(1007, 400, "Error in simulate procedure");

    /// <summary>The policy has the rule.</summary>
    public static ApiError RuleExists { get; } = new(1008, 409, "Rule already exists");

    /// <summary>A policy needs a name.</summary>
    public static ApiError NoName { get; } = new(1010, 400, "A name must be provided when creating a policy");

    /// <summary>An action failed.</summary>
    public static ApiError Execution { get; } = new(1016, 400, "Error in execution procedure");

    /// <summary>An action is named wrongly.</summary>
    public static ApiError ActionSyntax { get; } = new(1017, 400, "Incorrect action syntax. Requires: <service>:<action>");

    /// <summary>The arguments of an action are formed wrongly.</summary>
    public static ApiError ArgumentSyntax { get; } = new(1018, 400, "Incorrect argument syntax. Requires: {'positional': [<args>], 'named': {<key>:<value>,}}");

    /// <summary>The policy is a datasource, which has no rules.</summary>
    public static ApiError RulesNotPermitted { get; } = new(1019, 400, "Rules not permitted on non persisted policies.");

    /// <summary>There is no such policy.</summary>
    public static ApiError NoPolicy { get; } = new(1020, 404, "The specified policy does not exist.");

    /// <summary>An abbreviation is too long.</summary>
    public static ApiError Abbreviation { get; } =
        new(1022, 400, "The policy abbreviation must be a string and the length of the string must be equal to or less than 5 characters.");
}
