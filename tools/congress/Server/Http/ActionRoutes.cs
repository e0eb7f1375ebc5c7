using Congress.Api;
using static Congress.Api.ApiJson;

namespace Congress.Cli.Server.Http;

/// <summary>Actions that rules and people ask for.</summary>
internal static class ActionRoutes
{
    public static IEnumerable<Resource> Of(Apis api)
    {
        yield return new("/v1/actions")
        {
            Get = new("Lists the actions that rules and people have asked for, newest first; state and limit choose.", Role.Reader,
                async c => await c.AnswerAsync(await api.Actions.ListAsync(c.Query("state"), (int)c.Number("limit", 1000, 0, 10_000), c.Gone), Default.ListingOccurrence)),
        };
        yield return new("/v1/actions/{id}", IsElement: true)
        {
            Get = new("Shows an action that a rule or a person has asked for.", Role.Reader, async c => await c.AnswerAsync(await api.Actions.GetAsync(c.Path("id"), c.Gone), Default.Occurrence)),
            Post = new("Approves (action=approve) or rejects (action=reject) an action that waits.", Role.Operator, async c => await c.AnswerAsync(
                await api.Actions.DecideAsync(c.Path("id"), Routes.ActionOf(c) switch
                {
                    "approve" => true,
                    "reject" => false,
                    _ => throw new ApiException(ApiError.NoMethod),
                }, c.Asker.Name, c.Gone), Default.Occurrence)),
        };
    }

    /// <summary>Acts at once.</summary>
    public static async Task ExecuteAsync(ApiContext c, Func<ApiBody, Task> execute)
    {
        c.Require(Role.Operator);
        await execute(await c.ReadAnyBodyAsync());
        await c.AnswerAsync("{}");
    }
}
