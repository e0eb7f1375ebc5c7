using Congress.Policies.Serving;

namespace Congress.Api;

/// <summary>Why a row is in its table, and why not: <c>GET /v1/policies/POLICY/why?row=error("vm-1")</c> and <c>whynot</c>.</summary>
/// <param name="calls">Calls the engines.</param>
public sealed class ExplainApi(ApiCalls calls)
{
    /// <summary>Explains a row, or its absence.</summary>
    /// <param name="policy">The policy that it is asked in.</param>
    /// <param name="row">The row as an atom.</param>
    /// <param name="isAbsence">Whether its absence is to be explained.</param>
    /// <param name="minVersion">The version that the engine must have reached.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    /// <exception cref="ApiException">There is no such policy, or the row is missing or none.</exception>
    public Task<ExplanationAnswer> ExplainAsync(string policy, string? row, bool isAbsence, long minVersion, CancellationToken cancellationToken = default) =>
        string.IsNullOrWhiteSpace(row) ? throw new ApiException(ApiError.BadRequest, "'row' is missing; expected an atom, such as row=error(\"vm-1\")")
        : calls.AskEngineAsync(EngineMethods.Explain, new(policy, row, isAbsence, minVersion), null, cancellationToken);
}
