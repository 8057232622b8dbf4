//! The pages of errors: headings, paragraphs, lists, code. In: their Markdown. Out: `Html`.

use yew::{Html, html};

/// A page as elements.
pub fn page(text: &str) -> Html {
    let mut parts = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let code: Vec<_> = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
            let (mark, class) = match info {
                info if info.ends_with("wrong") => ("Wrong", "code wrong"),
                info if info.ends_with("right") => ("Right", "code right"),
                _ => ("", "code"),
            };
            parts.push(html! { <div class={class}><span class="mark">{ mark }</span><pre tabindex="0">{ code.join("\n") }</pre></div> });
        } else if let Some(title) = line.strip_prefix("# ") {
            parts.push(html! { <h2>{ inline(title) }</h2> });
        } else if let Some(title) = line.strip_prefix("## ") {
            parts.push(html! { <h3>{ inline(title) }</h3> });
        } else if line.starts_with("- ") || line.starts_with("* ") {
            let mut items = vec![line[2..].to_owned()];
            while let Some(next) = lines.next_if(|next| !next.trim().is_empty() && !next.starts_with("```")) {
                match next.strip_prefix("- ").or_else(|| next.strip_prefix("* ")) {
                    Some(item) => items.push(item.to_owned()),
                    None => {
                        if let Some(last) = items.last_mut() {
                            last.push(' ');
                            last.push_str(next.trim());
                        }
                    }
                }
            }
            parts.push(html! { <ul>{ for items.iter().map(|item| html! { <li>{ inline(item) }</li> }) }</ul> });
        } else if !line.trim().is_empty() {
            let mut paragraph = line.trim().to_owned();
            while let Some(next) = lines.next_if(|next| !next.trim().is_empty() && !next.starts_with(['#', '`', '-'])) {
                paragraph.push(' ');
                paragraph.push_str(next.trim());
            }
            parts.push(html! { <p>{ inline(&paragraph) }</p> });
        }
    }
    html! { <>{ for parts }</> }
}

/// Words with `code` in them.
pub fn inline(text: &str) -> Html {
    let parts = text.split('`').enumerate().map(|(at, part)| {
        if at % 2 == 1 {
            html! { <code>{ part.to_owned() }</code> }
        } else {
            html! { { part.replace("**", "") } }
        }
    });
    html! { <>{ for parts }</> }
}
