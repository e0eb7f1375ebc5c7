using System.Text.Json;
using Congress.Policies.Serving;

namespace Congress.Api;

/// <summary>What would be: <c>POST /v1/policies/POLICY?action=simulate</c>, and the effect of a change of rules before it is made.</summary>
/// <param name="calls">Calls the engines.</param>
public sealed class WhatIfApi(ApiCalls calls)
{
    /// <summary>Answers a query as it would be after a sequence of changes and actions.</summary>
    /// <exception cref="ApiException">An argument is missing or wrong.</exception>
    public async Task<SimulationResource> SimulateAsync(string policy, ApiBody body, bool withDelta, bool withTrace, CancellationToken cancellationToken = default)
    {
        body.Object();
        if (body.Text("query") is not { } query || body.Text("sequence") is not { } sequence || ActionPolicyOf(body) is not { } actions)
        {
            throw new ApiException(ApiError.IncompleteSimulation);
        }

        var answer = await AskAsync(new(policy, query, sequence, actions, withDelta, withTrace), cancellationToken).ConfigureAwait(false);
        return new(answer.Result) { Trace = answer.Trace, PolicyVersion = answer.Version };
    }

    /// <summary>Tells which violations and actions a change would bring: rules that come and go, rows and actions.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="body"><c>insert</c> and <c>delete</c> (rules), <c>sequence</c>, <c>action_policy</c>, <c>query</c>; each may be left out.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    /// <exception cref="ApiException">An argument is wrong.</exception>
    public Task<WhatIfAnswer> PreviewAsync(string policy, ApiBody body, CancellationToken cancellationToken = default)
    {
        body.Object();
        return AskAsync(
            new(policy, body.Text("query"), body.Text("sequence") ?? "", ActionPolicyOf(body), Insert: body.Text("insert"), Delete: body.Text("delete")), cancellationToken);
    }

    private static string? ActionPolicyOf(ApiBody body) => body.Find("action_policy") switch
    {
        null or { ValueKind: JsonValueKind.Null } => null,
        var value => value.Value.ToString(),   // a number names no policy, and is told so as any other name
    };

    private async Task<WhatIfAnswer> AskAsync(WhatIfQuestion asked, CancellationToken cancellationToken)
    {
        try
        {
            return await calls.AskEngineAsync(EngineMethods.WhatIf, asked, null, cancellationToken).ConfigureAwait(false);
        }
        catch (ApiException exception) when (exception.Error.Status is 400 or 404)
        {
            var detail = exception.Message[(exception.Message.IndexOf("::", StringComparison.Ordinal) is var at and >= 0 ? at + 2 : 0)..];
            throw new ApiException(ApiError.Simulation, detail, inner: exception);
        }
    }
}
