using Markdig;

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseUrls("http://localhost:5080");
builder.Services.AddSingleton<DraftStore>();

var app = builder.Build();

app.MapGet("/drafts", (DraftStore drafts) => drafts.All());
app.MapPost("/preview", async (HttpRequest request) =>
{
    using var reader = new StreamReader(request.Body);
    return Results.Content(Markdown.ToHtml(await reader.ReadToEndAsync()), "text/html");
});

app.Run();

public sealed class DraftStore
{
    private readonly List<string> drafts = [];
    public IReadOnlyList<string> All() => drafts;
}
