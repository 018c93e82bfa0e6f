"""English phrases."""

from typing import Any

PHRASES: dict[str, Any] = {
    "good": {
        "openings": [
            "Very happy.", "Second order this year.", "Couldn't be easier.", "Well done.",
            "A nice surprise:",
            "I recommend you to friends.", "As always:", "Just moved house.", "Great experience.",
            "Thank you!",
            "Ten out of ten.", "I was sceptical at first.",
        ],
        "details": [
            "My order was the {p}.", "We bought the {p} for the new flat.",
            "The {p} looks even better at home.",
            "I had the {p} within {d} days.", "It took {m} minutes in all.",
            "My sister ordered a {p} right after.",
            "The {p} is exactly what I had in mind.",
        ],
        "closings": [
            "Will buy again.", "Keep it up.", "Thanks to the team.", "No complaints.",
            "Others could learn from it.",
            "See you soon.", "That is why I come back.",
        ],
    },
    "mixed": {
        "openings": [
            "All right on the whole.", "Mostly fine.", "Good, but not perfect.", "It was OK.", "Decent.",
            "Neither good nor bad.", "Fine in the end.",
        ],
        "details": [
            "I had ordered the {p}.", "The {p} itself is nice.", "It took {m} minutes.",
            "We waited {d} days.",
            "I am still getting used to the {p}.",
        ],
        "closings": [
            "Room for improvement.", "Would try again.", "Let's see next time.", "Could be better.",
            "That's all.",
        ],
    },
    "bad": {
        "openings": [
            "Disappointed.", "Never again.", "I expected more.", "Not good enough.", "What a mess.",
            "Sorry to say,",
            "Third problem this year.", "I used to like you.", "Honestly,", "This was stressful.", "Poor.",
        ],
        "details": [
            "It is about the {p}.", "My {p} is still not usable.", "That was {d} days ago.",
            "I lost {m} minutes on it.",
            "I paid a lot for the {p}.", "We sleep on the floor because of it.",
            "I had taken a day off for the {p}.",
            "I have written twice about the {p}.",
        ],
        "closings": [
            "Please call me.", "I want my money back.", "Do something about it.", "I will look elsewhere.",
            "Nobody seems to care.", "Still waiting for an answer.", "I won't recommend you.",
        ],
    },
    "topics": {
        "delivery": {
            "good": [
                "Delivered a day early.", "The delivery came exactly in the hour you promised.",
                "The drivers carried the {p} up four floors without a word.",
                "Fast delivery and careful drivers.",
                "I could follow the van on my phone.", "The {p} arrived on time and well packed.",
                "They rang before they came and took the packaging away.",
            ],
            "mixed": [
                "The {p} came {d} days later than first said, but you told me in time.",
                "Delivery window of a whole day is too wide.",
                "The driver was friendly, the date moved once.",
                "Delivery was on time, the box was dented.", "Two parcels on two different days.",
            ],
            "bad": [
                "The {p} came {d} days late and nobody told me.",
                "The delivery date was moved three times.",
                "I stayed at home all day and no one came.", "The van left without ringing the bell.",
                "Half of the order is still missing after {d} days.", "Late delivery, again.",
                "They left the {p} in the rain in front of the house.",
                "Your delivery partner says you have it, you say they have it.",
            ],
        },
        "quality": {
            "good": [
                "The {p} is solid and beautifully made.", "Wonderful wood and no sharp edges.",
                "The {p} still looks like new after a year.", "The fabric of the {p} feels great.",
                "Better quality than I expected for this price.", "Everything fits to the millimetre.",
            ],
            "mixed": [
                "The {p} looks good but feels a little light.", "The colour is darker than in the picture.",
                "Good quality, though one screw was missing.", "Nice design, the surface scratches easily.",
            ],
            "bad": [
                "One leg of the {p} arrived cracked.", "The {p} wobbled from the first day.",
                "The varnish came off after {d} days.", "The drawer does not close.",
                "Seams opened within a month.",
                "The {p} smells of chemicals.",
                "Two boards had the wrong holes, so the {p} cannot be put together.",
                "The replacement part is broken too.",
            ],
        },
        "knowledge": {
            "good": [
                "The agent knew the {p} inside out.",
                "She explained the difference between the two models perfectly.",
                "He had the right answer at once.", "Expert advice, and honest about what I did not need.",
                "Your colleague knew more than the manual.",
            ],
            "mixed": [
                "The first agent was unsure, the second one knew.",
                "The advice was fine but a bit general.",
                "They had to look up everything about the {p}.",
            ],
            "bad": [
                "The agent read from a script and did not understand the question.",
                "Three people gave me three different answers about the {p}.",
                "I knew more about the {p} than the person on the phone.",
                "Nobody could tell me when the part arrives.", "Wrong advice, so I ordered the wrong size.",
            ],
        },
        "wait": {
            "good": [
                "Somebody picked up at once.", "Hardly any waiting, even on a Saturday.",
                "I got a call back within {m} minutes.", "No queue, no menu, a person straight away.",
            ],
            "mixed": [
                "I waited {m} minutes, after that all went well.",
                "The queue was long but it told me how long.",
                "A little slow on Monday morning.",
            ],
            "bad": [
                "{m} minutes in the queue, then I was cut off.", "Waiting music for {m} minutes.",
                "I was transferred three times and waited each time.",
                "The chat said two minutes and it took {m}.",
                "Still no callback after {d} days.", "It is impossible to get hold of anybody.",
            ],
        },
        "returns": {
            "good": [
                "Returned the {p} without a receipt and it took two minutes.",
                "The refund was there after {d} hours.",
                "Sending it back was as easy as buying it.", "You collected the {p} the next day.",
            ],
            "mixed": [
                "The return worked, the refund took {d} days.", "I had to print the label myself.",
                "The return was fine, but the form asks for everything twice.",
            ],
            "bad": [
                "I still wait for my refund after {d} days.", "You charge me for returning a broken {p}.",
                "The return label did not work at the post office.",
                "The return form lost everything I had typed.",
                "They refused the {p} although it was unopened.",
            ],
        },
        "website": {
            "good": [
                "The website is quick and clear.", "Found the {p} in a minute and paid in two clicks.",
                "The room planner is brilliant.", "The app showed me what is in stock in my store.",
            ],
            "mixed": [
                "The filters are good but the search is not.", "Nice pictures, too few measurements.",
                "The site is fine on the laptop and slow on the phone.",
            ],
            "bad": [
                "The website threw me out at checkout twice.", "The page said in stock, it was not.",
                "I could not change my address in my account.",
                "The code was not accepted and nobody says why.",
                "The tracking page has said the same thing for {d} days.",
                "Search finds everything except the {p}.",
            ],
        },
        "value": {
            "good": [
                "A fair price for the {p}.", "Excellent value for money.",
                "The {p} costs half of what others ask.",
                "The Saturday offer was really worth it.",
            ],
            "mixed": [
                "Not cheap, but it will last.", "Prices have gone up lately.",
                "The {p} is fine, delivery costs too much.",
            ],
            "bad": [
                "Far too expensive for what it is.", "A week later the {p} was a fifth cheaper.",
                "Delivery cost nearly as much as the {p}.", "You get the same for less around the corner.",
            ],
        },
        "staff": {
            "good": [
                "The people in the store are lovely.", "Helpful staff who take their time.",
                "The lady at the desk carried the {p} to my car.", "Friendly, and never pushy.",
            ],
            "mixed": [
                "Friendly staff, but too few of them.", "Hard to find somebody in the store on Saturday.",
            ],
            "bad": [
                "Nobody in the store felt responsible.", "The man at the desk was rude.",
                "Staff looked away when I wanted to ask about the {p}.",
                "They argued in front of the customers.",
            ],
        },
        "resolution": {
            "good": [
                "Solved in one call.", "My problem with the {p} was gone after {m} minutes.",
                "A new part was on its way before I hung up.", "She did not give up until it worked.",
            ],
            "mixed": [
                "Solved at the second attempt.", "They promised a part, I am waiting to see.",
                "Half of it was solved.",
            ],
            "bad": [
                "Second time I explain the same thing.", "Nothing is solved, I was only transferred.",
                "They closed my case and the {p} is still broken.", "Promised a callback, it never came.",
            ],
        },
        "assembly": {
            "good": [
                "The {p} was up in {m} minutes.", "Clear instructions and all screws in place.",
                "The video showed every step of the {p}.",
            ],
            "mixed": ["The pictures are small but it works.", "Two people needed, one would be nice."],
            "bad": [
                "Step seven of the {p} makes no sense.", "{m} minutes and the {p} still stands crooked.",
                "Screws missing and no way to ask for them at night.",
                "The instructions belong to another model.",
            ],
        },
    },
}  # fmt: skip
